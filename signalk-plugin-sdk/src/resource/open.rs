//! Structs that keep what they do not know.

/// A struct with named fields and a map of all others, so that what a client has stored comes back
/// whole. By hand, for serde's `flatten` buffers every value in a tree of its own, which is more
/// code than all of this.
macro_rules! open_struct {
    ($(#[$meta:meta])* pub struct $name:ident $(<$param:ident>)? {
        constant { $($const_key:literal = $const_value:literal,)* }
        required { $($(#[$req_meta:meta])* $req:ident: $req_type:ty = $req_key:literal,)* }
        defaulted { $($(#[$def_meta:meta])* $def:ident: $def_type:ty = $def_key:literal,)* }
        optional { $($(#[$opt_meta:meta])* $opt:ident: $opt_type:ty = $opt_key:literal,)* }
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name $(<$param>)? {
            $($(#[$req_meta])* pub $req: $req_type,)*
            $($(#[$def_meta])* pub $def: $def_type,)*
            $($(#[$opt_meta])* pub $opt: Option<$opt_type>,)*
            /// Whatever else it has, by key and as it came.
            pub extra: std::collections::BTreeMap<String, $crate::json::Raw>,
        }

        impl $(<$param: serde::Serialize>)? serde::Serialize for $name $(<$param>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $(map.serialize_entry($const_key, $const_value)?;)*
                $(map.serialize_entry($req_key, &self.$req)?;)*
                $(map.serialize_entry($def_key, &self.$def)?;)*
                $(if let Some(value) = &self.$opt {
                    map.serialize_entry($opt_key, value)?;
                })*
                for (key, value) in &self.extra {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }

        impl<'de $(, $param: serde::Deserialize<'de>)?> serde::Deserialize<'de>
            for $name $(<$param>)?
        {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Reader<T>(std::marker::PhantomData<T>);

                impl<'de $(, $param: serde::Deserialize<'de>)?> serde::de::Visitor<'de>
                    for Reader<$name $(<$param>)?>
                {
                    type Value = $name $(<$param>)?;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a map")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        $(let mut $req: Option<$req_type> = None;)*
                        $(let mut $def: Option<$def_type> = None;)*
                        $(let mut $opt: Option<$opt_type> = None;)*
                        let mut extra = std::collections::BTreeMap::new();
                        while let Some(key) = map.next_key::<String>()? {
                            match key.as_str() {
                                $($const_key => {
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                })*
                                $($req_key => $req = Some(map.next_value()?),)*
                                $($def_key => $def = map.next_value()?,)*
                                $($opt_key => $opt = map.next_value()?,)*
                                _ => {
                                    extra.insert(key, map.next_value()?);
                                }
                            }
                        }
                        $(let Some($req) = $req else {
                            return Err(serde::de::Error::missing_field($req_key));
                        };)*
                        $(let $def = $def.unwrap_or_default();)*
                        Ok($name { $($req,)* $($def,)* $($opt,)* extra })
                    }
                }

                deserializer.deserialize_map(Reader(std::marker::PhantomData))
            }
        }
    };
}

pub(crate) use open_struct;
