//! `/`: what Kith is, and the way to every page and to what systems read.

use askama::Template;

use super::frame::Frame;
use super::render;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
}

/// The page.
pub fn html() -> Result<String, Problem> {
    render(&Home { frame: Frame::of("/") })
}
