//! Which school does this child attend? The question and its answer, and the lists that it is answered from.

mod answer;
mod ask;
mod imports;
mod intake;
mod limits;
mod needs;
mod page;
mod place;
mod reviews;

pub use ask::{get_school, post_school};
pub use imports::{delete_import, get_faults, get_import, post_commit, post_import, shown as import_as_json};
pub use intake::take_in;
pub use limits::LookUps;
pub use needs::post_needs;
pub use page::{get_page, post_page};
pub use place::keep_place;
pub use reviews::{get_reviews, post_reviews};
