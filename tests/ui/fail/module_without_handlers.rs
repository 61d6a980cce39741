use cors_actix::cors;

#[cors(max_age = 5)]
mod shop {
    pub mod prices {
        #[inline]
        pub fn sum() {}
    }

    #[derive(Clone)]
    pub struct Price;
}

fn main() {
    shop::prices::sum();
    _ = shop::Price.clone();
}
