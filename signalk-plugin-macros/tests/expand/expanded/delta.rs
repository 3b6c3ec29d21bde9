impl Plugin {
    fn start(config: Config) -> Result<Self> {
        Ok(Self { config, shallowest: None })
    }
    fn depth(&mut self, metres: Option<f64>, origin: &Origin<'_>) -> Result<()> {
        ensure!(! origin.path.is_empty(), "no path");
        self.shallowest = self.shallowest.into_iter().chain(metres).reduce(f64::min);
        Ok(())
    }
    fn tell(&self) {
        server::set_status(&format!("{:?} m", self.shallowest));
    }
}
impl Plugin {
    #[doc(hidden)]
    fn __signalk_source_of_depth(&self) -> &::signalk_plugin_sdk::__private::lang::str {
        &self.config.sounder
    }
}
#[automatically_derived]
impl ::signalk_plugin_sdk::__private::Plugin for Plugin {
    type Config = Config;
    const ID: &'static ::signalk_plugin_sdk::__private::lang::str = ::signalk_plugin_sdk::__private::lang::env!(
        "CARGO_PKG_NAME"
    );
    const NAME: &'static ::signalk_plugin_sdk::__private::lang::str = "Shallowest";
    const HANDLERS: ::signalk_plugin_sdk::__private::Handlers<Self> = ::signalk_plugin_sdk::__private::Handlers {
        deltas: &[
            ::signalk_plugin_sdk::__private::DeltaHandler {
                name: "depth",
                context: ::signalk_plugin_sdk::__private::ContextFilter::Own,
                echo: false,
                source: ::signalk_plugin_sdk::__private::Source::Named(
                    <Plugin>::__signalk_source_of_depth,
                ),
                takes: ::signalk_plugin_sdk::__private::Takes::Values(
                    &["environment.depth.*"],
                    |__signalk_plugin, __signalk_raw, __signalk_origin| {
                        ::signalk_plugin_sdk::__private::with_value::<
                            Option<f64>,
                        >(
                            __signalk_raw,
                            __signalk_origin.path,
                            |__signalk_value| ::signalk_plugin_sdk::__private::HandlerReturn::into_result(
                                <Plugin>::depth(
                                    __signalk_plugin,
                                    __signalk_value,
                                    __signalk_origin,
                                ),
                            ),
                        )
                    },
                ),
            },
        ],
        timers: &[
            ::signalk_plugin_sdk::__private::TimerHandler {
                name: "tell",
                period: |_| ::signalk_plugin_sdk::__private::Duration::from_secs(10u64),
                call: |__signalk_plugin| ::signalk_plugin_sdk::__private::HandlerReturn::into_result(
                    <Plugin>::tell(__signalk_plugin),
                ),
            },
        ],
        puts: &[],
        endpoints: &[],
    };
    const FAIL_ON_START_ERROR: ::signalk_plugin_sdk::__private::lang::bool = false;
    fn schema() -> ::signalk_plugin_sdk::__private::Cow<
        'static,
        ::signalk_plugin_sdk::__private::lang::str,
    > {
        ::signalk_plugin_sdk::__private::lang::thread_local! {
            static MADE : ::signalk_plugin_sdk::__private::MadeSchema = const {
            ::signalk_plugin_sdk::__private::MadeSchema::new() };
        }
        MADE.with(|__signalk_made| {
            __signalk_made
                .get_or_init(::signalk_plugin_sdk::__private::schema_of::<Self>)
                .clone()
        })
    }
    fn start(
        __signalk_config: Self::Config,
    ) -> ::signalk_plugin_sdk::__private::Result<Self> {
        ::signalk_plugin_sdk::__private::StartReturn::<
            Self,
        >::into_result(<Plugin>::start(__signalk_config))
    }
}
#[automatically_derived]
impl ::signalk_plugin_sdk::__private::Installed for Plugin {
    fn runtime() -> &'static ::signalk_plugin_sdk::__private::LocalKey<
        ::signalk_plugin_sdk::__private::Runtime<Self>,
    > {
        ::signalk_plugin_sdk::__private::lang::thread_local! {
            static RUNTIME : ::signalk_plugin_sdk::__private::Runtime < Plugin > = const
            { ::signalk_plugin_sdk::__private::Runtime::new() };
        }
        &RUNTIME
    }
}
const _: ::signalk_plugin_sdk::__private::lang::Seen = ::signalk_plugin_sdk::__private::lang::option_env!(
    "SIGNALK_PLUGIN_SCHEMA_DIR"
);
#[cfg(target_family = "wasm")]
const _: () = {
    #[unsafe(export_name = "allocate")]
    extern "C" fn allocate(
        __signalk_len: ::signalk_plugin_sdk::__private::lang::usize,
    ) -> *mut ::signalk_plugin_sdk::__private::lang::u8 {
        ::signalk_plugin_sdk::__private::allocate(__signalk_len)
    }
    #[unsafe(export_name = "deallocate")]
    extern "C" fn deallocate(
        __signalk_pointer: *mut ::signalk_plugin_sdk::__private::lang::u8,
        __signalk_len: ::signalk_plugin_sdk::__private::lang::usize,
    ) {
        ::signalk_plugin_sdk::__private::deallocate(__signalk_pointer, __signalk_len)
    }
    const _: () = {
        #[unsafe(export_name = "plugin_id")]
        extern "C" fn export(
            __signalk_out: *mut ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_max: ::signalk_plugin_sdk::__private::lang::usize,
        ) -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::plugin_id::<
                Plugin,
            >(__signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_name")]
        extern "C" fn export(
            __signalk_out: *mut ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_max: ::signalk_plugin_sdk::__private::lang::usize,
        ) -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::plugin_name::<
                Plugin,
            >(__signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_schema")]
        extern "C" fn export(
            __signalk_out: *mut ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_max: ::signalk_plugin_sdk::__private::lang::usize,
        ) -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::plugin_schema::<
                Plugin,
            >(__signalk_out, __signalk_max)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_start")]
        extern "C" fn export(
            __signalk_text: *const ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_len: ::signalk_plugin_sdk::__private::lang::usize,
        ) -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::plugin_start::<
                Plugin,
            >(__signalk_text, __signalk_len)
        }
    };
    const _: () = {
        #[unsafe(export_name = "plugin_stop")]
        extern "C" fn export() -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::plugin_stop::<Plugin>()
        }
    };
    const _: () = {
        #[unsafe(export_name = "poll")]
        extern "C" fn export() -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::poll::<Plugin>()
        }
    };
    const _: () = {
        #[unsafe(export_name = "delta_handler")]
        extern "C" fn export(
            __signalk_text: *const ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_len: ::signalk_plugin_sdk::__private::lang::usize,
        ) {
            ::signalk_plugin_sdk::__private::delta_handler::<
                Plugin,
            >(__signalk_text, __signalk_len)
        }
    };
    #[used]
    #[unsafe(link_section = "signalk-plugin-sdk")]
    static CAPABILITIES: [::signalk_plugin_sdk::__private::lang::u8; 52usize] = *b"{\"sdk\":\"0.1.0\",\"wasmCapabilities\":{\"dataRead\":true}}";
};
#[doc(hidden)]
#[allow(unused_macros, non_local_definitions)]
#[macro_export]
macro_rules! a_crate_holds_one_signalk_plugin {
    () => {};
}
#[cfg(all(test, not(target_family = "wasm")))]
#[::signalk_plugin_sdk::__private::lang::test]
fn signalk_plugin_schema_fits_the_form_of_the_server() {
    ::signalk_plugin_sdk::__private::assert_schema_fits::<Plugin>();
}
