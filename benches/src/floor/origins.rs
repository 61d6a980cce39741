//! Exact origins: a few are compared one by one, more stand in a table with open addressing.

/// A set of origins.
#[derive(Debug)]
pub(super) struct Origins {
    list: Box<[Box<[u8]>]>,
    /// Indices into the list, [`FREE`] where there is none; a power of two of them.
    slots: Box<[u32]>,
}

const FREE: u32 = u32::MAX;

/// Up to here comparing is cheaper than hashing.
const FEW: usize = 2;

impl FromIterator<String> for Origins {
    fn from_iter<I: IntoIterator<Item = String>>(origins: I) -> Self {
        let list: Box<[Box<[u8]>]> =
            origins.into_iter().map(|origin| origin.into_bytes().into()).collect();
        let mut set = Self { slots: [].into(), list };
        if set.list.len() > FEW {
            set.slots = vec![FREE; (set.list.len() * 2).next_power_of_two()].into();
            for index in 0..set.list.len() {
                let slot = set.probe(&set.list[index]).find(|slot| set.slots[*slot] == FREE);
                let index = u32::try_from(index).expect("not that many origins");
                set.slots[slot.expect("half of the slots are free")] = index;
            }
        }
        set
    }
}

impl Origins {
    pub(super) fn contain(&self, origin: &[u8]) -> bool {
        if self.list.len() <= FEW {
            return self.list.iter().any(|own| **own == *origin);
        }
        self.probe(origin)
            .map(|slot| self.slots[slot])
            .take_while(|index| *index != FREE)
            .any(|index| *self.list[index as usize] == *origin)
    }

    /// The slots in which an origin may stand, first to last.
    fn probe(&self, origin: &[u8]) -> impl Iterator<Item = usize> {
        let mask = self.slots.len() - 1;
        let first = hash(origin);
        (0..=mask).map(move |step| first.wrapping_add(step) & mask)
    }
}

/// Folded multiplication, eight bytes at a time.
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
fn hash(bytes: &[u8]) -> usize {
    const FACTOR: u128 = 0x9E37_79B9_7F4A_7C15;
    let mut chunks = bytes.rchunks_exact(8);
    let fold = |state: u64, word: u64| {
        let product = u128::from(state ^ word) * FACTOR;
        (product >> 64) as u64 ^ product as u64
    };
    let words = chunks.by_ref().map(|chunk| u64::from_le_bytes(chunk.try_into().expect("eight")));
    let state = words.fold(bytes.len() as u64, fold);
    let rest = chunks.remainder().iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    fold(state, rest) as usize
}
