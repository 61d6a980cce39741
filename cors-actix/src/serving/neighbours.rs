//! The middlewares of one application: two of them around the same part of it are a mistake, of which only
//! the outer one's headers are left.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use super::table::Table;
use crate::{diagnosis::Misuse, routing::ScopeTree};

thread_local! {
    /// The tables of the middlewares that have had a request, the outer ones of an application first.
    static TABLES: RefCell<Vec<Weak<Table>>> = const { RefCell::new(Vec::new()) };
}

/// Whether another middleware of an application has had a request. The application is known by the address of
/// its resource map, which is alive as long as its middlewares are.
pub(super) fn has_any(map: usize) -> bool {
    tables().iter().any(|own| own.map == map)
}

/// Notes a middleware that has got its first request, and says so if it is inside of another one.
pub(super) fn note(table: &Rc<Table>, tree: Option<&ScopeTree>) {
    for outer in of(table.map) {
        // one that is off writes nothing that the outer one could replace
        if !table.cors.is_off() && outer.extent.surely_contains(&table.extent, tree) {
            outer.is_around_another.set(true);
            let misuse = Misuse::Twice { place: table.cors.place() };
            table.cors.say(&misuse);
            outer.cors.findings().keep_misuse(&misuse);
        }
    }
    TABLES.with_borrow_mut(|tables| {
        tables.retain(|own| own.strong_count() > 0);
        tables.push(Rc::downgrade(table));
    });
}

/// Notes that a table has taken the place of another one.
pub(super) fn replace(before: &Rc<Table>, now: &Rc<Table>) {
    TABLES.with_borrow_mut(|tables| {
        let is_own = |own: &&mut Weak<Table>| own.as_ptr() == Rc::as_ptr(before);
        if let Some(own) = tables.iter_mut().find(is_own) {
            *own = Rc::downgrade(now);
        }
    });
}

/// The tables of an application's middlewares that have had a request.
pub(super) fn of(map: usize) -> Vec<Rc<Table>> {
    tables().into_iter().filter(|own| own.map == map).collect()
}

fn tables() -> Vec<Rc<Table>> {
    TABLES.with_borrow(|tables| tables.iter().filter_map(Weak::upgrade).collect())
}
