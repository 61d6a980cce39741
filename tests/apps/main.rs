//! Public applications that use actix-cors, rebuilt in our own words with their scopes, layers and kinds of route.
//! Each runs with actix-cors and with cors-actix, both are asked the same questions, and every difference is explained.
//!
//! `UPDATE=1 cargo test -p cors-tests --test apps` writes `docs/apps.md` anew.

mod application;
mod browser;
mod difference;
mod lines;
mod page;
mod question;
mod spies;

mod cors_example;
mod graphql_example;
mod hyperswitch;
mod lemmy;
mod martin;
mod meilisearch;
mod modrinth;
mod near;
mod openobserve;
mod parseable;
mod qdrant;
mod syncstorage;

use application::Application;

/// The applications in the order of the page, and a test for each.
macro_rules! applications {
    ($($name:ident)*) => {
        async fn applications() -> Vec<Application> {
            vec![$($name::application().await),*]
        }

        mod every_answer_is_expected_and_every_difference_explained {
            $(
                #[actix_web::test]
                async fn $name() {
                    crate::$name::application().await.check();
                }
            )*
        }
    };
}

applications! {
    cors_example
    graphql_example
    qdrant
    meilisearch
    lemmy
    hyperswitch
    openobserve
    modrinth
    parseable
    martin
    syncstorage
    near
}
