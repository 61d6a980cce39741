//! Prints the tables of all suites, or of the one that is named.

use std::{alloc::System, io};

use cors_benches::{instructions, report, suites::Suite};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[actix_web::main]
async fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [instructions::UNDER_CALLGRIND, suite, row, column] => {
            let number = |text: &str| text.parse().map_err(io::Error::other);
            instructions::run(&named(suite)?, number(row)?, number(column)?).await;
        }
        [] => {
            for suite in Suite::all() {
                println!("{}", report::table(&suite).await?);
            }
        }
        _ => {
            for name in words {
                println!("{}", report::table(&named(name)?).await?);
            }
        }
    }
    Ok(())
}

fn named(name: &str) -> io::Result<Suite> {
    let names = || Suite::all().iter().map(|suite| suite.name).collect::<Vec<_>>().join(", ");
    Suite::named(name).ok_or_else(|| {
        io::Error::other(format!("no suite is called `{name}`; there are {}", names()))
    })
}
