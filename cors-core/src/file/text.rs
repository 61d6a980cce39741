//! The text of a file, and which line and column a byte of it is in.

use std::sync::Arc;

use crate::source::FilePlace;

/// How many bytes have one count of characters.
const BLOCK: usize = 256;

/// A text that knows its lines. To find a place takes no longer in a long line than in a short one.
pub(super) struct Text<'a> {
    pub(super) name: &'a Arc<str>,
    pub(super) whole: &'a str,
    /// Where each line starts.
    lines: Vec<usize>,
    /// How many characters begin before each block.
    characters: Vec<usize>,
}

impl<'a> Text<'a> {
    pub(super) fn new(name: &'a Arc<str>, text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(index, _)| index + 1)).collect();
        let mut characters = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            characters.push(characters.last().unwrap_or(&0) + count(block));
        }
        Self { name, whole: text, lines, characters }
    }

    /// The place of the character that begins at a byte.
    pub(super) fn at(&self, byte: usize) -> Arc<FilePlace> {
        let byte = byte.min(self.whole.len());
        let line = self.lines.partition_point(|start| *start <= byte);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        self.place(line, self.characters_before(byte) - self.characters_before(start) + 1)
    }

    /// A place by its line and its column, both counted from one; the end, where the text has no such line.
    #[cfg(feature = "yaml")]
    pub(super) fn at_line(&self, line: usize, column: usize) -> Arc<FilePlace> {
        if line > self.lines.len() { self.at(self.whole.len()) } else { self.place(line, column) }
    }

    fn place(&self, line: usize, column: usize) -> Arc<FilePlace> {
        // a file that is read has fewer
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Arc::new(FilePlace {
            file: Arc::clone(self.name),
            line: number(line),
            column: number(column),
        })
    }

    fn characters_before(&self, byte: usize) -> usize {
        let block = byte / BLOCK;
        let rest = self.whole.as_bytes().get(block * BLOCK..byte).unwrap_or_default();
        self.characters.get(block).unwrap_or(&0) + count(rest)
    }
}

/// How many characters begin in a part of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn places_are_counted_in_characters_from_one() {
        let name = "x".into();
        let long = "\u{e9}".repeat(1000);
        let table = [
            ("", 0, "x:1:1"),
            ("ab", 1, "x:1:2"),
            ("ab", 2, "x:1:3"),
            ("a\nb", 1, "x:1:2"),
            ("a\nb", 2, "x:2:1"),
            ("a\r\nb", 3, "x:2:1"),
            ("\u{e9}\u{1f600}b", 6, "x:1:3"),
            (&long, 2000, "x:1:1001"),
            (&long, 512, "x:1:257"),
            ("ab", 9, "x:1:3"),
        ];
        for (text, byte, expected) in table {
            assert_eq!(Text::new(&name, text).at(byte).to_string(), expected, "{byte}");
        }
    }
}
