//! One request of each kind.

use super::suite::Suite;
use crate::{
    case::{Caller, Case, names},
    policy::{Policy, REFUSED},
    subjects::Subject,
};

/// All peers, on all kinds of requests.
pub(super) fn requests() -> Suite {
    Suite {
        name: "requests",
        subjects: &[
            Subject::Bare,
            Subject::Ours,
            Subject::Overrides,
            Subject::Floor,
            Subject::ActixCors,
            Subject::TowerBare,
            Subject::Tower,
        ],
        cases: cases(),
    }
}

/// The core alone, on the same requests.
pub(super) fn core() -> Suite {
    Suite { name: "core", subjects: &[Subject::Nothing, Subject::Core], cases: cases() }
}

fn cases() -> Vec<Case> {
    let (open, shared) = (Policy::new(2), Policy::new(2).with_credentials());
    let mut cases = vec![
        Case::actual("no `Origin`", open, Caller::Own),
        Case::actual("allowed", open, Caller::Allowed),
        Case::actual("refused", open, Caller::Refused),
        Case::actual("18 exposed, no `Origin`", shared, Caller::Own),
        Case::actual("18 exposed, allowed", shared, Caller::Allowed),
        Case::actual("18 exposed, refused", shared, Caller::Refused),
        Case::preflight("preflight, 0 names", open, ""),
        Case::preflight("preflight, 2 names", open, &names(2)),
        Case::preflight("preflight, 3 names", open, &names(3)),
        Case::preflight("preflight, 20 names", open, &names(20)),
        Case::preflight("18 exposed, preflight, 2 names", shared, &names(2)),
        Case::preflight("18 exposed, preflight, 20 names", shared, &names(20)),
    ];
    cases.extend(refused(open));
    cases
}

/// Preflights that are refused; the last are hostile, 8 KiB each.
fn refused(policy: Policy) -> [Case; 6] {
    let mut other_origin = Case::preflight("preflight, other origin", policy, &names(2));
    other_origin.replace("origin", REFUSED);
    let mut other_method = Case::preflight("preflight, other method", policy, &names(2));
    other_method.replace("access-control-request-method", "PURGE");
    let one_more = format!("{},zzz", names(20));
    let repeated = vec!["authorization"; 585].join(",");
    let distinct: Vec<_> = (0..1170).map(|number| format!("x-{number:04}")).collect();
    let padded = format!("authorization{},content-type", " ,\t".repeat(2720));
    [
        other_origin,
        other_method,
        Case::preflight("preflight, 20 names and another", policy, &one_more),
        Case::preflight("hostile: one name 585 times", policy, &repeated),
        Case::preflight("hostile: 1 170 names", policy, &distinct.join(",")),
        Case::preflight("hostile: blanks and commas", policy, &padded),
    ]
}
