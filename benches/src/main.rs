//! Prints the tables of all suites, or those that are named.

use std::io;

use cors_benches::{compile, core_times, instructions, load, report, start, suites::Suite};

#[actix_web::main]
async fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [instructions::UNDER_CALLGRIND, suite, rows, column] => {
            let column = column.parse().map_err(io::Error::other)?;
            instructions::run(&named(suite)?, rows, column).await?;
        }
        [load::SERVE, server] => load::serve(server).await?,
        [] => {
            for suite in Suite::all() {
                println!("{}", report::table(&suite)?);
            }
        }
        _ => {
            for name in words {
                println!("{}", table(name).await?);
            }
        }
    }
    Ok(())
}

/// What takes time is measured when it is asked for alone: the suites count.
async fn table(name: &str) -> io::Result<String> {
    match name {
        "start" => Ok(start::table().await),
        "compile" => compile::table(),
        "core-times" => Ok(core_times::table()),
        "load" => load::table(),
        _ => report::table(&named(name)?),
    }
}

fn named(name: &str) -> io::Result<Suite> {
    let names = || Suite::all().iter().map(|suite| suite.name).collect::<Vec<_>>().join(", ");
    Suite::named(name).ok_or_else(|| {
        let names = names();
        io::Error::other(format!(
            "nothing is called `{name}`; there are {names}, start, compile, load, core-times"
        ))
    })
}
