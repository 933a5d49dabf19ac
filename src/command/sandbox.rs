//! `kith sandbox`: everything on this machine, with a story, until it is told to stop.

use clap::Args;

use super::serve::stop_signal;
use super::{End, print, runtime, say};
use crate::sandbox::{Sandbox, Trouble};

#[derive(Args)]
pub(super) struct Arguments {
    /// Port of the gateway on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

pub(super) fn run(arguments: &Arguments) -> End {
    let Some(runtime) = runtime() else { return End::CallIsWrong };
    runtime.block_on(sandbox(arguments.port))
}

async fn sandbox(port: u16) -> End {
    // A signal counts from the first moment, so that nothing is left behind: it is looked for before anything starts.
    let stop = stop_signal();
    tokio::pin!(stop);
    let sandbox = tokio::select! {
        biased;
        () = &mut stop => return End::Good,
        started = Sandbox::start(port) => match started {
            Ok(sandbox) => sandbox,
            Err(trouble) => return refused(&trouble),
        },
    };
    let story = tokio::select! {
        biased;
        () = &mut stop => None,
        story = sandbox.story() => Some(story),
    };
    let end = match story {
        Some(Ok(story)) => {
            let end = print(&format!("{story}\nIt goes on until Ctrl-C; then all of it is gone."));
            stop.await;
            end
        }
        Some(Err(trouble)) => refused(&trouble),
        None => End::Good,
    };
    sandbox.stop().await;
    end
}

fn refused(trouble: &Trouble) -> End {
    say(&trouble.to_string());
    End::CallIsWrong
}
