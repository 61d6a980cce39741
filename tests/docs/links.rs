//! Links within the repository, and codes of messages: what they lead to is there.

use std::fs;

use cors_tests_docs::{Page, blocks, pages, root};

/// The name that a heading is linked by, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter);
    heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

fn anchors(markdown: &str) -> Vec<String> {
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

/// What a page links to, but for other sites.
fn links(page: &Page) -> Vec<String> {
    let inline = page.text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let named = page.text.lines().filter(|line| line.starts_with('['));
    let named = named.filter_map(|line| line.split_once("]: ")).map(|(_, target)| target);
    inline.chain(named).filter(|target| !target.contains("://")).map(str::to_owned).collect()
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        let own = root().join(&page.name);
        for link in links(&page) {
            let (path, part) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() {
                own.clone()
            } else {
                own.parent().expect("a folder").join(path)
            };
            assert!(target.exists(), "{}: {link}", page.name);
            if !part.is_empty() {
                let text = fs::read_to_string(&target).expect("a page");
                assert!(anchors(&text).contains(&part.to_owned()), "{}: {link}", page.name);
            }
        }
    }
}

#[test]
fn every_page_of_the_guide_is_in_its_list() {
    let list = fs::read_to_string(root().join("docs/README.md")).unwrap();
    for page in pages() {
        let Some(name) = page.name.strip_prefix("docs/") else { continue };
        assert!(name == "README.md" || list.contains(&format!("]({name})")), "{name}");
    }
}

#[test]
fn every_code_is_one_that_is_said() {
    let lists = ["cors-core/CODES.md", "cors-actix/CODES.md"];
    let lists = lists.map(|list| fs::read_to_string(root().join(list)).unwrap()).concat();
    for page in pages() {
        for (i, _) in page.text.match_indices("CORS") {
            let number: String = page.text[i + 4..].chars().take(3).collect();
            if number.len() == 3 && number.bytes().all(|digit| digit.is_ascii_digit()) {
                assert!(lists.contains(&format!("CORS{number}: ")), "{}: CORS{number}", page.name);
            }
        }
    }
}

#[test]
fn a_block_ends_where_its_fence_does() {
    let text = "a\n```rust\nlet a;\n\n```\nb\n```sh\n```\n";
    let found: Vec<_> = blocks(text);
    let lines: Vec<(usize, &str, &str)> =
        found.iter().map(|own| (own.line, &*own.language, &*own.code)).collect();
    assert_eq!(lines, [(3, "rust", "let a;\n\n"), (8, "sh", "")]);
}
