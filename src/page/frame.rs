//! What all pages have in common: the way to each other, style and script.

use super::asset;

/// The pages that people go to, as they stand at the head of each.
const PAGES: &[(&str, &str)] = &[
    ("/", "Home"),
    ("/workbench", "Workbench"),
    ("/developers", "Developers"),
    ("/school", "Which school"),
    ("/inbox", "Inbox"),
    ("/births", "Births"),
    ("/who-was-told", "Who was told"),
    ("/operations", "Operations"),
];

/// What the layout needs to know.
#[derive(Debug)]
pub struct Frame {
    /// The address of this page; empty for one that is nowhere.
    here: &'static str,
}

impl Frame {
    /// The frame of the page at that address.
    pub fn of(here: &'static str) -> Self {
        Self { here }
    }

    /// Address and name of every page, and whether it is this one.
    pub fn pages(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        PAGES.iter().map(|(path, name)| (*path, *name, *path == self.here))
    }

    /// The name of the style's file.
    pub fn style(&self) -> &'static str {
        &asset::STYLE.name
    }

    /// The name of the script's file.
    pub fn script(&self) -> &'static str {
        &asset::SCRIPT.name
    }
}
