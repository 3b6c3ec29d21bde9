impl Plugin {
    fn start() -> Self {
        Self
    }
}
impl Plugin {}
#[automatically_derived]
impl sdk::__private::Plugin for Plugin {
    type Config = sdk::__private::NoConfig;
    const ID: &'static sdk::__private::lang::str = sdk::__private::lang::env!(
        "CARGO_PKG_NAME"
    );
    const NAME: &'static sdk::__private::lang::str = "Harbour";
    const HANDLERS: sdk::__private::Handlers<Self> = sdk::__private::Handlers {
        deltas: &[],
        timers: &[],
        puts: &[],
        endpoints: &[],
    };
    const FAIL_ON_START_ERROR: sdk::__private::lang::bool = false;
    const MODEL: &'static [&'static sdk::__private::lang::str] = &[
        "navigation.position",
    ];
    const LIMITS: sdk::__private::Limits = sdk::__private::Limits::NONE;
    fn schema() -> sdk::__private::Cow<'static, sdk::__private::lang::str> {
        sdk::__private::lang::thread_local! {
            static MADE : sdk::__private::MadeSchema = const {
            sdk::__private::MadeSchema::new() };
        }
        MADE.with(|__signalk_made| {
            __signalk_made.get_or_init(sdk::__private::schema_of::<Self>).clone()
        })
    }
    fn announce() {
        sdk::__private::announce_resources::<Self>();
        sdk::__private::announce_weather::<Self>();
    }
    fn announce_again() {
        sdk::__private::report_refusals();
    }
    fn start(__signalk_config: Self::Config) -> sdk::__private::Result<Self> {
        sdk::__private::StartReturn::<
            Self,
        >::into_result({
            let _ = __signalk_config;
            <Plugin>::start()
        })
    }
}
#[automatically_derived]
impl sdk::__private::Installed for Plugin {
    fn runtime() -> &'static sdk::__private::LocalKey<sdk::__private::Runtime<Self>> {
        sdk::__private::lang::thread_local! {
            static RUNTIME : sdk::__private::Runtime < Plugin > = const {
            sdk::__private::Runtime::new() };
        }
        &RUNTIME
    }
}
const _: sdk::__private::lang::Seen = sdk::__private::lang::option_env!(
    "SIGNALK_PLUGIN_SCHEMA_DIR"
);
#[automatically_derived]
impl sdk::__private::ServesResources for Plugin {
    const RESOURCES: &'static [sdk::__private::ResourceType<Self>] = &[
        sdk::__private::ResourceType::of::<Waypoint>(),
    ];
}
const _: () = sdk::__private::lang::assert!(
    sdk::__private::are_different:: < Plugin > (< Plugin as
    sdk::__private::ServesResources > ::RESOURCES),
    "two of the types in `resources(…)` have the same `TYPE`: the server knows them by it"
);
const _: () = {
    const fn provides<P: sdk::__private::WeatherProvider>(_: sdk::__private::Type<P>) {}
    provides(sdk::__private::Type::<Plugin>::new());
};
#[cfg(target_family = "wasm")]
const _: () = {
    #[unsafe(export_name = "allocate")]
    extern "C" fn allocate(
        __signalk_len: sdk::__private::lang::usize,
    ) -> *mut sdk::__private::lang::u8 {
        sdk::__private::allocate(__signalk_len)
    }
    #[unsafe(export_name = "deallocate")]
    extern "C" fn deallocate(
        __signalk_pointer: *mut sdk::__private::lang::u8,
        __signalk_len: sdk::__private::lang::usize,
    ) {
        sdk::__private::deallocate(__signalk_pointer, __signalk_len)
    }
    const _: () = {
        #[unsafe(export_name = "plugin_id")]
        extern "C" fn export(
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::plugin_id::<Plugin>(__signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_name")]
        extern "C" fn export(
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::plugin_name::<Plugin>(__signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_schema")]
        extern "C" fn export(
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::plugin_schema::<Plugin>(__signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_start")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::plugin_start::<Plugin>(__signalk_text, __signalk_len)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_stop")]
        extern "C" fn export() -> sdk::__private::lang::i32 {
            sdk::__private::plugin_stop::<Plugin>()
        }
    };
    const _: () = {
        #[unsafe(export_name = "poll")]
        extern "C" fn export() -> sdk::__private::lang::i32 {
            sdk::__private::poll::<Plugin>()
        }
    };
    const _: () = {
        #[unsafe(export_name = "delta_handler")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
        ) {
            sdk::__private::delta_handler::<Plugin>(__signalk_text, __signalk_len)
        }
    };
    const _: () = {
        #[unsafe(export_name = "resources_list_resources")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::resources::list::<
                Plugin,
            >(__signalk_text, __signalk_len, __signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "resources_get_resource")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::resources::get::<
                Plugin,
            >(__signalk_text, __signalk_len, __signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "resources_set_resource")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::resources::set::<
                Plugin,
            >(__signalk_text, __signalk_len, __signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "resources_delete_resource")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::resources::delete::<
                Plugin,
            >(__signalk_text, __signalk_len, __signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "weather_get_observations")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::weather::get_observations::<
                Plugin,
            >(__signalk_text, __signalk_len, __signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "weather_get_forecasts")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::weather::get_forecasts::<
                Plugin,
            >(__signalk_text, __signalk_len, __signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "weather_get_warnings")]
        extern "C" fn export(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::weather::get_warnings::<
                Plugin,
            >(__signalk_text, __signalk_len, __signalk_out, __signalk_max)
        }
    };
    #[used]
    #[unsafe(link_section = "signalk-plugin-sdk")]
    static CAPABILITIES: [sdk::__private::lang::u8; 99usize] = *b"{\"sdk\":\"0.1.0\",\"wasmCapabilities\":{\"dataRead\":true,\"resourceProvider\":true,\"weatherProvider\":true}}";
};
#[doc(hidden)]
#[allow(unused_macros, non_local_definitions)]
#[macro_export]
macro_rules! a_crate_holds_one_signalk_plugin {
    () => {};
}
#[cfg(all(test, not(target_family = "wasm")))]
#[sdk::__private::lang::test]
fn signalk_plugin_schema_fits_the_form_of_the_server() {
    sdk::__private::assert_schema_fits::<Plugin>();
}
