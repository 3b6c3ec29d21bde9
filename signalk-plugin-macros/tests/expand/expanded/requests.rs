impl Plugin {
    fn start() -> Self {
        Self { mode: "standby".to_owned() }
    }
    fn stop(&mut self) {}
    fn steer(&mut self, mode: String) -> Result<()> {
        ensure!(! mode.is_empty(), "which mode?");
        self.mode = mode;
        Ok(())
    }
    fn mode(&self) -> Json<String> {
        Json(self.mode.clone())
    }
    #[cfg(debug_assertions)]
    fn set_mode(&mut self, Json(mode): Json<String>) -> Result<()> {
        self.steer(mode)
    }
}
impl Plugin {}
#[automatically_derived]
impl sdk::__private::Plugin for Plugin {
    type Config = sdk::__private::NoConfig;
    const ID: &'static sdk::__private::lang::str = sdk::__private::lang::env!(
        "CARGO_PKG_NAME"
    );
    const NAME: &'static sdk::__private::lang::str = sdk::__private::lang::env!(
        "CARGO_PKG_NAME"
    );
    const HANDLERS: sdk::__private::Handlers<Self> = sdk::__private::Handlers {
        deltas: &[],
        timers: &[],
        puts: &[
            sdk::__private::PutHandler {
                context: "vessels.self",
                path: "steering.autopilot.state",
                export: "handle_put_vessels_self_steering_autopilot_state",
                call: |__signalk_plugin, __signalk_json| {
                    let __signalk_value = sdk::__private::put_value::<
                        String,
                    >(__signalk_json)?;
                    sdk::__private::HandlerReturn::into_result(
                        <Plugin>::steer(__signalk_plugin, __signalk_value),
                    )
                },
            },
        ],
        endpoints: &[
            sdk::__private::Endpoint {
                method: "GET",
                path: "/api/mode",
                export: "endpoint_mode",
                call: |__signalk_plugin, __signalk_request| sdk::__private::IntoResponse::into_response(
                    <Plugin>::mode(__signalk_plugin),
                ),
            },
            #[cfg(debug_assertions)]
            sdk::__private::Endpoint {
                method: "POST",
                path: "/api/mode",
                export: "endpoint_set_mode",
                call: |__signalk_plugin, __signalk_request| sdk::__private::IntoResponse::into_response(
                    <Plugin>::set_mode(
                        __signalk_plugin,
                        <Json<
                            String,
                        > as sdk::__private::FromRequest>::from_request(
                            __signalk_request,
                        )?,
                    ),
                ),
            },
        ],
    };
    const FAIL_ON_START_ERROR: sdk::__private::lang::bool = true;
    const LARGE_RESPONSES: sdk::__private::lang::usize = 1048576usize;
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
        sdk::__private::announce_puts::<Self>();
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
    fn stop(&mut self) -> sdk::__private::Result<()> {
        let __signalk_plugin = self;
        sdk::__private::HandlerReturn::into_result(<Plugin>::stop(__signalk_plugin))
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
#[cfg(target_family = "wasm")]
const _: () = {
    #[unsafe(export_name = "allocate")]
    extern "C" fn allocate(
        __signalk_len: sdk::__private::lang::usize,
    ) -> *mut sdk::__private::lang::u8 {
        sdk::__private::allocate_large::<Plugin>(__signalk_len)
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
        #[unsafe(export_name = "handle_put_vessels_self_steering_autopilot_state")]
        extern "C" fn handler(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::put::<
                Plugin,
            >(
                "handle_put_vessels_self_steering_autopilot_state",
                __signalk_text,
                __signalk_len,
                __signalk_out,
                __signalk_max,
            )
        }
    };
    const _: () = {
        #[unsafe(export_name = "endpoint_mode")]
        extern "C" fn handler(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::http::<
                Plugin,
            >(
                "endpoint_mode",
                __signalk_text,
                __signalk_len,
                __signalk_out,
                __signalk_max,
            )
        }
    };
    #[cfg(debug_assertions)]
    const _: () = {
        #[unsafe(export_name = "endpoint_set_mode")]
        extern "C" fn handler(
            __signalk_text: *const sdk::__private::lang::u8,
            __signalk_len: sdk::__private::lang::usize,
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::http::<
                Plugin,
            >(
                "endpoint_set_mode",
                __signalk_text,
                __signalk_len,
                __signalk_out,
                __signalk_max,
            )
        }
    };
    const _: () = {
        #[unsafe(export_name = "http_endpoints")]
        extern "C" fn export(
            __signalk_out: *mut sdk::__private::lang::u8,
            __signalk_max: sdk::__private::lang::usize,
        ) -> sdk::__private::lang::i32 {
            sdk::__private::http_endpoints::<Plugin>(__signalk_out, __signalk_max)
        }
    };
    #[used]
    #[unsafe(link_section = "signalk-plugin-sdk")]
    static CAPABILITIES: [sdk::__private::lang::u8; 76usize] = *b"{\"sdk\":\"0.1.0\",\"wasmCapabilities\":{\"putHandlers\":true,\"httpEndpoints\":true}}";
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
