//! How long a resource takes to be validated, from its text to the issues, beside a parse of the same text and beside
//! other validators: all in one run, so that the ratios hold whatever else the machine does.
//!
//! `benches/validate/run` fetches what the peers need and starts this.

mod input;
mod measure;
mod peers;

use std::sync::Arc;

use kith::profile::definitions::Definitions;
use kith::profile::engine;
use kith::profile::validator::Validator;

use input::Input;
use measure::{micros, time};

fn main() {
    let validator = validator();
    // For a profiler: Kith alone, on one input.
    if let Some(name) = std::env::args().nth(1) {
        let one = if name == "patient" { input::patient() } else { input::bundle(50) };
        println!("{} {} µs", one.name, micros((0..5).map(|_| time(|| check(&validator, &one))).fold(f64::MAX, f64::min)));
        return;
    }
    let peers = peers::all();
    let inputs = [input::patient(), input::observation(), input::bundle(50)];
    print_header(&inputs);
    let floor: Vec<f64> = inputs.iter().map(|one| time(|| peers::sonic(&one.text))).collect();
    row("floor: sonic-rs parse", &floor, &floor);
    let lexed: Vec<f64> = inputs.iter().map(|one| time(|| peers::lexed(&one.text))).collect();
    row("floor: serde_json, values ignored", &lexed, &floor);
    let ours: Vec<f64> = inputs.iter().map(|one| time(|| check(&validator, one))).collect();
    row("Kith, all checks", &ours, &floor);
    for (name, peer) in &peers {
        let times: Vec<f64> = inputs.iter().map(|one| time(|| peer(&one.text))).collect();
        row(name, &times, &floor);
        row(&format!("  {name} ÷ Kith"), &times.iter().zip(&ours).map(|(a, b)| a / b).collect::<Vec<_>>(), &[]);
    }
    println!("\nCost by size: a Bundle of so many entries");
    for entries in [10, 100, 1_000, 10_000] {
        let one = input::bundle(entries);
        let whole = time(|| check(&validator, &one));
        println!(
            "{entries:>7} entries {:>10} bytes {:>12} µs {:>8.2} ns a byte",
            one.text.len(),
            micros(whole),
            whole * 1e9 / one.text.len() as f64
        );
    }
}

fn validator() -> Validator {
    let definitions = Definitions::core().unwrap().with(engine::own_package().unwrap());
    engine::validator(Arc::new(definitions), kith::clock::now, engine::settings()).unwrap()
}

/// A resource that is checked in vain would be quick: every input is valid, and the check finds that.
fn check(validator: &Validator, one: &Input) {
    let outcome = validator.validate(&one.text, &[]);
    if !outcome.is_valid() {
        panic!("{} is not valid: {:#?}", one.name, outcome.findings);
    }
}

fn print_header(inputs: &[Input]) {
    print!("{:36}", "µs (× floor)");
    for one in inputs {
        print!("{:>24}", format!("{} {} B", one.name, one.text.len()));
    }
    println!();
}

fn row(name: &str, times: &[f64], floor: &[f64]) {
    print!("{name:36}");
    for (index, one) in times.iter().enumerate() {
        let text = match floor.get(index) {
            Some(floor) => format!("{} ({:.1}×)", micros(*one), one / floor),
            None => format!("{one:.1}×"),
        };
        print!("{text:>24}");
    }
    println!();
}
