use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::{Resource, ResourceProvider, ResourceQuery};
use std::collections::BTreeMap;

struct Plugin;

#[derive(Serialize, Deserialize)]
struct A;

#[derive(Serialize, Deserialize)]
struct B;

impl Resource for A {
    const TYPE: &'static str = "things";
}

impl Resource for B {
    const TYPE: &'static str = "things";
}

impl<R: Resource> ResourceProvider<R> for Plugin {
    fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, R>> {
        Ok(BTreeMap::new())
    }

    fn get(&mut self, _: &str) -> Result<Option<R>> {
        Ok(None)
    }

    fn set(&mut self, _: &str, _: R) -> Result<()> {
        Ok(())
    }

    fn delete(&mut self, _: &str) -> Result<bool> {
        Ok(false)
    }
}

#[signalk_plugin(resources(A, B))]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

fn main() {}
