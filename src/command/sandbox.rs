//! `kith sandbox`.
use super::End;
use clap::Args;
#[derive(Args)]
pub(super) struct Arguments {
    /// Port of the gateway
    #[arg(long, default_value = "8080")]
    port: u16,
}
pub(super) fn run(_a: &Arguments) -> End {
    End::Good
}
