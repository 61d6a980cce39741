//! Prints how often a request allocates: the tables of all suites, or those that are named.

use std::io;

use cors_benches::{allocations, suites::Suite};

#[actix_web::main]
async fn main() -> io::Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    for name in &names {
        Suite::named(name)
            .ok_or_else(|| io::Error::other(format!("no suite is called `{name}`")))?;
    }
    let is_meant = |suite: &Suite| names.is_empty() || names.iter().any(|name| name == suite.name);
    for suite in Suite::all().into_iter().filter(is_meant) {
        println!("{}", allocations::table(&suite, count).await);
    }
    Ok(())
}

fn count(run: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(run).count_total
}
