//! Proves the sentences of config/policies/README.md, "What always holds", for every request that there can be; not for some that were tried.
//!
//! Each sentence is a bound: what the policies allow, the bound allows. Cedar's symbolic compiler turns both into logic, and the solver
//! cvc5 (its path in `CVC5`, else on the PATH) says that there is no counterexample, or shows one. Stores of entities that Kith never makes
//! (a partner of two roles, an item of two datasets or outside its own) are left out of the question.

mod bounds;
mod world;

use std::process::ExitCode;

use bounds::{Claim, claims};
use cedar_policy::{PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet};
use world::{annotated, policies, schema, unreal};

/// Where people read the sentences.
const README: &str = include_str!("../../config/policies/README.md");

type Compiler = CedarSymCompiler<LocalSolver>;
type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match prove().await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(broken) => {
            println!("{broken} sentence(s) do not hold");
            ExitCode::from(1)
        }
        Err(failure) => {
            eprintln!("proofs: {failure}");
            ExitCode::from(2)
        }
    }
}

async fn prove() -> Result<usize, Failure> {
    let schema = schema()?;
    let env = schema.request_envs().next().ok_or("the schema has no action")?;
    let mut compiler = CedarSymCompiler::new(LocalSolver::cvc5()?)?;
    let all = policies()?;
    let mut broken = 0;
    for policy in all.policies() {
        let compiled = CompiledPolicy::compile(policy, &env, &schema)?;
        let name = policy.annotation("id").unwrap_or_default().to_owned();
        broken += told(
            &format!("Policy `{name}` can always be evaluated."),
            compiler.check_never_errors_opt(&compiled).await?,
            None,
        );
    }
    for claim in claims() {
        if !README.contains(claim.sentence) {
            return Err(format!("config/policies/README.md does not say: {}", claim.sentence).into());
        }
        broken += hold(&mut compiler, &schema, &env, &all, &claim).await?;
    }
    let (on, off) = (annotated("true")?, annotated("false")?);
    let on = CompiledPolicySet::compile(&on, &env, &schema)?;
    let off = CompiledPolicySet::compile(&off, &env, &schema)?;
    let same = compiler.check_equivalent_opt(&on, &off).await?;
    broken +=
        told("Whether s.16LA is in force changes the law that is cited, not what is released.", same, None);
    // A proof that cannot fail proves nothing: a bound that does not hold must be refuted.
    let wrong = Claim {
        sentence: "Nobody receives a birth date.",
        of: &[],
        bound: "resource != Kith::Item::\"identity/birth-date\"",
    };
    let (refuted, _) = check(&mut compiler, &schema, &env, &all, &wrong).await?;
    if refuted {
        return Err("the solver proves what is not true; nothing that it says can be relied on".into());
    }
    Ok(broken)
}

async fn hold(
    compiler: &mut Compiler,
    schema: &Schema,
    env: &RequestEnv,
    all: &PolicySet,
    claim: &Claim,
) -> Result<usize, Failure> {
    let (holds, counterexample) = check(compiler, schema, env, all, claim).await?;
    Ok(told(claim.sentence, holds, counterexample))
}

/// Whether what these policies allow, the bound allows; else a request that shows that not.
async fn check(
    compiler: &mut Compiler,
    schema: &Schema,
    env: &RequestEnv,
    all: &PolicySet,
    claim: &Claim,
) -> Result<(bool, Option<String>), Failure> {
    let chosen = if claim.of.is_empty() { all.clone() } else { only(all, claim.of)? };
    let bound: PolicySet =
        format!("permit (principal, action, resource) when {{ {} }};\n{}", claim.bound, unreal()).parse()?;
    let (chosen, bound) =
        (CompiledPolicySet::compile(&chosen, env, schema)?, CompiledPolicySet::compile(&bound, env, schema)?);
    if compiler.check_implies_opt(&chosen, &bound).await? {
        return Ok((true, None));
    }
    let found = compiler.check_implies_with_counterexample_opt(&chosen, &bound).await?;
    Ok((false, found.map(|env| env.request.to_string())))
}

/// These policies alone.
fn only(all: &PolicySet, ids: &[&str]) -> Result<PolicySet, Failure> {
    let named = all.policies().filter(|policy| policy.annotation("id").is_some_and(|id| ids.contains(&id)));
    let chosen: Vec<_> = named.cloned().collect();
    if chosen.len() != ids.len() {
        return Err(format!("not all of {ids:?} are policies").into());
    }
    Ok(PolicySet::from_policies(chosen)?)
}

fn told(sentence: &str, holds: bool, counterexample: Option<String>) -> usize {
    println!("{} {sentence}", if holds { "proved" } else { "BROKEN" });
    if let Some(request) = counterexample {
        println!("       by {request}");
    }
    usize::from(!holds)
}
