//! What macros make in a module with `#[cors]`, where it makes no handlers.
#![deny(warnings)]
#![allow(unused_braces)]

use cors_actix::cors;

macro_rules! number {
    ($name:ident) => {
        pub const $name: u32 = 1;
    };
    () => {
        1
    };
}
pub(crate) use number;

macro_rules! const_assert {
    ($condition:expr) => {
        const _: () = assert!($condition);
    };
}
pub(crate) use const_assert;

macro_rules! module {
    ({ $($item:item)* } $value:expr, $kind:ty) => {
        #[cors]
        mod made {
            $($item)*

            pub static VALUE: $kind = $value;
        }
    };
}

#[cors(max_age = 5)]
mod admin {
    #![allow(dead_code)]

    #[cors(no_handlers)]
    super::number!(FIRST);

    use std::cell::Cell;

    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    macro_rules! local {
        () => {
            2
        };
    }

    std::thread_local! {
        static CALLS: Cell<u32> = const { Cell::new(number!()) };
    }

    const LOCAL: u32 = local!();
    const CHOSEN: u32 = if LOCAL == 2 { number!() } else { local!() };
    const BLOCK: bool = { LOCAL == 2 } != matches!(CHOSEN, 1);
    static LIST: [u32; { LOCAL as usize }] = [number!(), local!()];

    struct Wrapped<const N: u32 = { number!() }>;

    impl Wrapped {
        const OF: u32 = number!();
        number!(ASSOCIATED);
    }

    super::const_assert!(CHOSEN == 1);

    // marked below another attribute.
    #[rustfmt::skip]
    #[cors(no_handlers)]
    number! { SECOND }

    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        number!(INSIDE);
        HttpResponse::Ok().body(format!("{INSIDE} {BLOCK} {}", vec![FIRST, SECOND].len()))
    }

    pub mod nested {
        #[cors_actix::cors(no_handlers)]
        crate::number!(THIRD);
    }

    #[cfg(test)]
    mod tests {
        super::number!(FOURTH);
    }
}

module! {
    {
    #[actix_web::get("/made")]
    pub async fn made() -> actix_web::HttpResponse {
        actix_web::HttpResponse::Ok().finish()
    }

    #[cors_actix::cors(no_handlers)]
    crate::number!(MADE);

    macro_rules! inner {
        () => {};
    }

    #[allow(dead_code)]
    fn unused() {
        inner!();
    }
    }
    { 1 }, u32
}

// where no module has a `#[cors]`, the mark says nothing.
#[cors(no_handlers)]
number!(OUTSIDE);

fn main() {
    _ = (admin::stats, admin::nested::THIRD, made::made, made::MADE, made::VALUE, OUTSIDE);
}
