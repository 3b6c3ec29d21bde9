//! The command line.

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::bench::Bench;
use crate::fuzz::{self, Fuzz, Most};
use crate::servers::Version;
use crate::soak::{self, Soak};

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
cargo xtask <command>

  setup                  makes sure that this machine can build for WebAssembly
  demo                   runs the anchor watch on a recorded track in the embedded host
  demo --server          the same on a real Signal K server, with its web pages; Ctrl-C ends it
  test                   runs every test
  test --skip <part>…    leaves parts out
  test --only <part>…    runs these parts alone
  fuzz [target…]         runs the fuzz targets, each for a minute; with AddressSanitizer where a
                         nightly toolchain is installed
  fuzz --cases <n>       so many cases of each
  fuzz --minutes <n>     so long each
  fuzz --fast            counts what code is run and watches nothing else: for large numbers
  soak [--minutes <n>]   a busy bus of 1,000 deltas/s in the embedded host, ten minutes of it
  soak --server          the same on a real Signal K server; --server=2.23.0 on the oldest one
  bench                  what a delta costs, beside plugins by hand and in other languages, in
                         the Node.js of signalk-server 2.32.0; and sizes, memory, starts
  bench --quick          deltas and sizes alone, in less than a minute once all is built
  bench --check          holds the figures against those in bench/expected.json
  bench --write          keeps them there
  size                   what the examples weigh, after wasm-opt too where it is installed
  screenshots            takes pictures of the page of `cargo signalk run` for the documents
  catalogue              writes the catalogue of the specification's paths anew, from its schemas
  tables                 writes tests/TESTED.md anew, from the names of the tests
  mutants [file…]        changes the SDK's code in many ways, and says which changes no test notices
  valgrind               the SDK's own tests of buffers and of the native host under valgrind
  help                   prints this

Every command does the set-up it needs.
";

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Task {
    Setup,
    Demo { server: bool },
    Test { only: Vec<String>, skip: Vec<String> },
    Fuzz(Fuzz),
    Soak(Soak),
    Bench(Bench),
    Size,
    Screenshots,
    Catalogue,
    Tables,
    Mutants(Vec<String>),
    Valgrind,
    Help,
}

/// Reads the arguments behind `cargo xtask`.
pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Task> {
    let Some(command) = arguments.next()? else {
        return Ok(Task::Help);
    };
    let task = match command {
        Short('h') | Long("help") => return Ok(Task::Help),
        Value(name) => name.string()?,
        other => return Err(other.unexpected().into()),
    };
    match task.as_str() {
        "setup" => nothing_more(arguments, Task::Setup),
        "help" => nothing_more(arguments, Task::Help),
        "demo" => demo(arguments),
        "test" => test(arguments),
        "fuzz" => fuzz(arguments),
        "soak" => soak(arguments),
        "bench" => bench(arguments),
        "size" => nothing_more(arguments, Task::Size),
        "screenshots" => nothing_more(arguments, Task::Screenshots),
        "catalogue" => nothing_more(arguments, Task::Catalogue),
        "tables" => nothing_more(arguments, Task::Tables),
        "mutants" => mutants(arguments),
        "valgrind" => nothing_more(arguments, Task::Valgrind),
        other => bail!("there is no command `{other}`; `cargo xtask help` lists those there are"),
    }
}

fn nothing_more(mut arguments: lexopt::Parser, task: Task) -> Result<Task> {
    match arguments.next()? {
        None => Ok(task),
        Some(more) => Err(more.unexpected().into()),
    }
}

fn demo(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut server = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("server") => server = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Demo { server })
}

fn test(mut arguments: lexopt::Parser) -> Result<Task> {
    let (mut only, mut skip) = (Vec::new(), Vec::new());
    while let Some(argument) = arguments.next()? {
        let list = match argument {
            Long("only") => &mut only,
            Long("skip") => &mut skip,
            other => return Err(other.unexpected().into()),
        };
        for name in arguments.values()? {
            list.push(name.string()?);
        }
    }
    Ok(Task::Test { only, skip })
}

fn fuzz(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut fuzz = Fuzz { targets: Vec::new(), most: Most::Minutes(fuzz::MINUTES), fast: false };
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => fuzz.targets.push(name.string()?),
            Long("cases") => fuzz.most = Most::Cases(arguments.value()?.parse()?),
            Long("minutes") => fuzz.most = Most::Minutes(arguments.value()?.parse()?),
            Long("fast") => fuzz.fast = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Fuzz(fuzz))
}

fn mutants(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut files = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(file) => files.push(file.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Mutants(files))
}

fn soak(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut soak = Soak { minutes: soak::MINUTES, server: None };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("minutes") => soak.minutes = arguments.value()?.parse()?,
            Long("server") => {
                soak.server = Some(match arguments.optional_value() {
                    None => Version::Newest,
                    Some(version) => version.parse()?,
                });
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Soak(soak))
}

fn bench(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut bench = Bench::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("quick") => bench.quick = true,
            Long("check") => bench.check = true,
            Long("write") => bench.write = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Bench(bench))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task> {
        parse(lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn several_parts_may_follow_one_flag_and_flags_may_be_repeated() {
        let task = parsed("test --skip server node --skip doc").unwrap();
        let skip = ["server", "node", "doc"].map(String::from).to_vec();
        assert_eq!(task, Task::Test { only: vec![], skip });
    }

    #[test]
    fn targets_and_how_long_they_run_come_in_any_order() {
        let task = parsed("fuzz json --cases 1000 lines --fast").unwrap();
        let targets = ["json", "lines"].map(String::from).to_vec();
        assert_eq!(task, Task::Fuzz(Fuzz { targets, most: Most::Cases(1000), fast: true }));
        assert!(parsed("fuzz --cases many").is_err());
        assert_eq!(
            parsed("soak --server --minutes 2").unwrap(),
            Task::Soak(Soak { minutes: 2, server: Some(Version::Newest) })
        );
        let oldest = Some(Version::Oldest);
        assert_eq!(
            parsed("soak --server=2.23.0").unwrap(),
            Task::Soak(Soak { minutes: 10, server: oldest })
        );
        let error = parsed("soak --server=2.20.0").unwrap_err().to_string();
        assert!(error.contains("2.32.0") && error.contains("2.23.0"), "{error}");
    }

    #[test]
    fn a_bench_may_be_quick_and_checked() {
        let bench = Bench { quick: true, check: true, write: false };
        assert_eq!(parsed("bench --check --quick").unwrap(), Task::Bench(bench));
        assert_eq!(parsed("bench").unwrap(), Task::Bench(Bench::default()));
        assert!(parsed("bench quick").is_err());
    }

    #[test]
    fn what_no_command_takes_is_refused() {
        assert!(parsed("setup now").is_err());
        assert!(parsed("demo --sever").is_err());
        assert!(parsed("test server").is_err());
        let error = parsed("tset").unwrap_err().to_string();
        assert!(error.contains("cargo xtask help"), "{error}");
    }
}
