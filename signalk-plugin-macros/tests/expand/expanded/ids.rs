impl Plugin {
    fn start() -> Self {
        Self { seconds: 0.0 }
    }
    fn turns(&mut self, Path(id): Path<String>, hertz: f64) -> Result<()> {
        ensure!(hertz >= 0.0, "{id} turns backwards");
        Ok(())
    }
    fn judge(&mut self, _: &Delta<'_>) {}
    fn count(&mut self, elapsed: Duration) {
        self.seconds += elapsed.as_secs_f64();
    }
    fn done(&mut self, _done: bool, _origin: &Origin<'_>) {}
}
impl Plugin {}
#[automatically_derived]
impl ::signalk_plugin_sdk::__private::Plugin for Plugin {
    type Config = ::signalk_plugin_sdk::__private::NoConfig;
    const ID: &'static ::signalk_plugin_sdk::__private::lang::str = ::signalk_plugin_sdk::__private::lang::env!(
        "CARGO_PKG_NAME"
    );
    const NAME: &'static ::signalk_plugin_sdk::__private::lang::str = "Engines";
    const HANDLERS: ::signalk_plugin_sdk::__private::Handlers<Self> = ::signalk_plugin_sdk::__private::Handlers {
        deltas: &[
            ::signalk_plugin_sdk::__private::DeltaHandler {
                name: "turns",
                context: ::signalk_plugin_sdk::__private::ContextFilter::Own,
                echo: false,
                source: ::signalk_plugin_sdk::__private::Source::Used,
                takes: ::signalk_plugin_sdk::__private::Takes::Values(
                    &["propulsion.*.revolutions"],
                    |__signalk_plugin, __signalk_raw, __signalk_origin| {
                        if !::signalk_plugin_sdk::__private::fits_one_of(
                            &["propulsion.:id.revolutions"],
                            __signalk_origin.path,
                        ) {
                            return ::signalk_plugin_sdk::__private::lang::None;
                        }
                        ::signalk_plugin_sdk::__private::with_value::<
                            f64,
                        >(
                            __signalk_raw,
                            __signalk_origin.path,
                            |__signalk_value| ::signalk_plugin_sdk::__private::HandlerReturn::into_result(
                                <Plugin>::turns(
                                    __signalk_plugin,
                                    <Path<
                                        String,
                                    > as ::signalk_plugin_sdk::__private::FromPath>::from_path(
                                        &["propulsion.:id.revolutions"],
                                        __signalk_origin.path,
                                    )?,
                                    __signalk_value,
                                ),
                            ),
                        )
                    },
                ),
            },
        ],
        timers: &[
            ::signalk_plugin_sdk::__private::TimerHandler {
                name: "count",
                period: |_| ::signalk_plugin_sdk::__private::Duration::from_secs(1u64),
                call: |__signalk_plugin| ::signalk_plugin_sdk::__private::HandlerReturn::into_result(
                    <Plugin>::count(
                        __signalk_plugin,
                        ::signalk_plugin_sdk::__private::elapsed::<Plugin>("count"),
                    ),
                ),
            },
        ],
        puts: &[
            ::signalk_plugin_sdk::__private::PutHandler {
                context: "vessels.self",
                path: "propulsion.port.serviceDone",
                export: "handle_put_vessels_self_propulsion_port_serviceDone",
                call: |__signalk_plugin, __signalk_json| {
                    let __signalk_value = ::signalk_plugin_sdk::__private::put_value::<
                        bool,
                    >(__signalk_json)?;
                    ::signalk_plugin_sdk::__private::HandlerReturn::into_result(
                        <Plugin>::done(
                            __signalk_plugin,
                            __signalk_value,
                            &::signalk_plugin_sdk::__private::origin_of_put(
                                "vessels.self",
                                "propulsion.port.serviceDone",
                            ),
                        ),
                    )
                },
            },
            ::signalk_plugin_sdk::__private::PutHandler {
                context: "vessels.self",
                path: "propulsion.main.serviceDone",
                export: "handle_put_vessels_self_propulsion_main_serviceDone",
                call: |__signalk_plugin, __signalk_json| {
                    let __signalk_value = ::signalk_plugin_sdk::__private::put_value::<
                        bool,
                    >(__signalk_json)?;
                    ::signalk_plugin_sdk::__private::HandlerReturn::into_result(
                        <Plugin>::done(
                            __signalk_plugin,
                            __signalk_value,
                            &::signalk_plugin_sdk::__private::origin_of_put(
                                "vessels.self",
                                "propulsion.main.serviceDone",
                            ),
                        ),
                    )
                },
            },
        ],
        endpoints: &[],
    };
    const FAIL_ON_START_ERROR: ::signalk_plugin_sdk::__private::lang::bool = false;
    const SETTLED: &'static [::signalk_plugin_sdk::__private::SettledHandler<Self>] = &[
        ::signalk_plugin_sdk::__private::SettledHandler {
            name: "judge",
            call: |__signalk_plugin, __signalk_delta| ::signalk_plugin_sdk::__private::HandlerReturn::into_result(
                <Plugin>::judge(__signalk_plugin, __signalk_delta),
            ),
        },
    ];
    const LIMITS: ::signalk_plugin_sdk::__private::Limits = ::signalk_plugin_sdk::__private::Limits::NONE;
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
    fn announce() {
        ::signalk_plugin_sdk::__private::announce_puts::<Self>();
    }
    fn announce_again() {
        ::signalk_plugin_sdk::__private::report_refusals();
    }
    fn start(
        __signalk_config: Self::Config,
    ) -> ::signalk_plugin_sdk::__private::Result<Self> {
        ::signalk_plugin_sdk::__private::StartReturn::<
            Self,
        >::into_result({
            let _ = __signalk_config;
            <Plugin>::start()
        })
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
    const _: () = {
        #[unsafe(export_name = "handle_put_vessels_self_propulsion_port_serviceDone")]
        extern "C" fn handler(
            __signalk_text: *const ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_len: ::signalk_plugin_sdk::__private::lang::usize,
            __signalk_out: *mut ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_max: ::signalk_plugin_sdk::__private::lang::usize,
        ) -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::put::<
                Plugin,
            >(
                "handle_put_vessels_self_propulsion_port_serviceDone",
                __signalk_text,
                __signalk_len,
                __signalk_out,
                __signalk_max,
            )
        }
    };
    const _: () = {
        #[unsafe(export_name = "handle_put_vessels_self_propulsion_main_serviceDone")]
        extern "C" fn handler(
            __signalk_text: *const ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_len: ::signalk_plugin_sdk::__private::lang::usize,
            __signalk_out: *mut ::signalk_plugin_sdk::__private::lang::u8,
            __signalk_max: ::signalk_plugin_sdk::__private::lang::usize,
        ) -> ::signalk_plugin_sdk::__private::lang::i32 {
            ::signalk_plugin_sdk::__private::put::<
                Plugin,
            >(
                "handle_put_vessels_self_propulsion_main_serviceDone",
                __signalk_text,
                __signalk_len,
                __signalk_out,
                __signalk_max,
            )
        }
    };
    #[used]
    #[unsafe(link_section = "signalk-plugin-sdk")]
    static CAPABILITIES: [::signalk_plugin_sdk::__private::lang::u8; 71usize] = *b"{\"sdk\":\"0.1.0\",\"wasmCapabilities\":{\"dataRead\":true,\"putHandlers\":true}}";
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
