//! A page for a request that was not granted: what happened, and where to go from here.

use askama::Template;

use super::frame::Frame;
use super::render;
use crate::problem::{Category, Problem};

#[derive(Template)]
#[template(path = "refusal.html")]
struct Refusal<'a> {
    frame: Frame,
    title: &'a str,
    sentences: Vec<&'a str>,
    /// Whether somebody else might be let in.
    is_for_others: bool,
}

/// The page.
pub fn html(problem: &Problem) -> Result<String, Problem> {
    let sentences = problem.issues.iter().map(|issue| issue.text.as_str()).collect();
    let is_for_others = matches!(problem.category, Category::Forbidden | Category::Login);
    render(&Refusal { frame: Frame::of(""), title: title(problem.category), sentences, is_for_others })
}

fn title(category: Category) -> &'static str {
    match category {
        Category::NotFound => "There is no page at this address",
        Category::NotSupported => "This page does not do that",
        Category::TooLarge => "That was too large",
        Category::Throttled | Category::Unavailable => "Kith is busy",
        Category::Internal => "Something went wrong at Kith",
        Category::Forbidden => "This is not for you to see",
        Category::Login => "You are not signed in",
        Category::BusinessRule => "That cannot be done",
        _ => "Kith could not read that",
    }
}
