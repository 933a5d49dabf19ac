//! `kith school import`: lists at their real size, and lists that are wrong.

mod lists;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::world;
use crate::world::World;
use crate::world::folder::Tweaks;
use serde_json::Value;

struct Desk {
    world: World,
}

impl Desk {
    async fn open() -> Self {
        Self { world: World::without_gateway(&Tweaks::default()).await }
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.world.folder.path.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, form: &str, file: &PathBuf, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["school", "import", "--source", "kenfordshire", "--form", form, "--config"])
            .arg(&self.world.folder.path)
            .args(more)
            .arg(file)
            .output()
            .unwrap()
    }

    /// Takes a file in; gives the import.
    fn commits(&self, form: &str, file: &PathBuf, code: i32) -> Value {
        let output = self.run(form, file, &["--commit", "--format", "json"]);
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        let import: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(import["state"], "committed");
        import
    }
}

#[test]
fn the_list_of_schools_at_its_real_size_twice_and_a_year_later() {
    world::run(async {
        let desk = Desk::open().await;
        let file = desk.file("gias.csv", lists::gias(50_000, 139, 2026));
        let preview = desk.run("gias", &file, &[]);
        let text = String::from_utf8(preview.stdout).unwrap();
        assert!(
            text.contains("50000 rows read, 0 remarks.") && text.contains("50000 new, 0 changed"),
            "{text}"
        );
        assert!(text.ends_with("--commit makes it count.\n"), "{text}");
        assert_eq!(desk.commits("gias", &file, 0)["summary"]["added"], 50_000, "the preview changed nothing");
        let again = desk.commits("gias", &file, 0);
        assert_eq!(
            (&again["summary"]["unchanged"], &again["summary"]["changed"]),
            (&50_000.into(), &0.into())
        );
        let older = desk.file("older.csv", lists::gias(40_000, 9, 2027));
        let later = desk.commits("gias", &older, 0);
        let count = |name: &str| later["summary"][name].as_u64().unwrap();
        assert_eq!(count("missing"), 10_000);
        assert!(count("closed") > 0 && count("changed") >= count("closed"), "{later}");
    });
}

#[test]
fn a_transfer_file_of_a_thousand_pupils_finds_its_children() {
    world::run(async {
        let desk = Desk::open().await;
        desk.commits("gias", &desk.file("gias.csv", lists::gias(100, 20, 2026)), 0);
        let children = desk.commits("children", &desk.file("children.csv", lists::children(900)), 0);
        assert_eq!(children["summary"]["added"], 900);
        let file = desk.file("transfer.xml", lists::ctf(1_000));
        let taken = desk.commits("ctf", &file, 0);
        assert_eq!(
            (&taken["summary"]["matched"], &taken["summary"]["unmatched"]),
            (&900.into(), &100.into()),
            "{taken}"
        );
        let again = desk.commits("ctf", &file, 0);
        assert_eq!(
            (&again["summary"]["added"], &again["summary"]["unchanged"]),
            (&0.into(), &1_000.into()),
            "{again}"
        );
        // The rest becomes known: their places are looked at again.
        desk.commits("children", &desk.file("more.csv", lists::children(1_000)), 0);
        assert_eq!(desk.commits("ctf", &file, 0)["summary"]["matched"], 1_000);
    });
}

#[test]
fn what_is_wrong_is_written_into_a_file_without_names_and_formulas() {
    world::run(async {
        let desk = Desk::open().await;
        desk.commits("gias", &desk.file("gias.csv", lists::gias(10, 20, 2026)), 0);
        let good = lists::children(1);
        let rows = [
            good.trim_end(),
            "9991000088,=HYPERLINK(1),Whitlock,2020-03-02,CV99 1AA",
            "9991000089,Robert'); DROP TABLE pupil;--,<script>alert(1)</script>,2020-03-02,CV99 1AA",
            "9991000089,Maja,Whitlock,2020-03-02,CV99 1AA",
            "9991000151,Maja,Whitlock,2031-03-02,CV99 1AA",
        ];
        let file = desk.file("children.csv", rows.join("\n"));
        let faults = desk.world.folder.path.join("faults.csv");
        let taken = desk.run(
            "children",
            &file,
            &["--commit", "--format", "json", "--faults", faults.to_str().unwrap()],
        );
        assert_eq!(taken.status.code(), Some(1));
        let import: Value = serde_json::from_slice(&taken.stdout).unwrap();
        assert_eq!((&import["summary"]["added"], &import["faults"]), (&2.into(), &3.into()), "{import}");
        let written = fs::read_to_string(&faults).unwrap();
        assert_eq!(written.lines().count(), 4, "{written}");
        for text in ["Whitlock", "Maja", "9991000", "HYPERLINK", "DROP", "script"] {
            assert!(!written.contains(text), "{text} stands in {written}");
        }
    });
}

#[test]
fn one_number_of_two_pupils_is_neithers() {
    world::run(async {
        let desk = Desk::open().await;
        desk.commits("gias", &desk.file("gias.csv", lists::gias(10, 20, 2026)), 0);
        let doubled = lists::ctf(2).replace(&lists::upn(2), &lists::upn(1));
        let taken = desk.commits("ctf", &desk.file("transfer.xml", doubled), 1);
        assert_eq!((&taken["faults"], &taken["summary"]["added"]), (&2.into(), &0.into()), "{taken}");
    });
}

#[test]
fn a_wrong_call_is_told_from_a_wrong_file() {
    world::run(async {
        let desk = Desk::open().await;
        let file = desk.file("x.csv", "A,B\n1,2\n");
        let refused = desk.run("gias", &file, &["--commit"]);
        let text = String::from_utf8(refused.stdout).unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            text.contains("nothing of it was taken") && text.contains("does not name these columns"),
            "{text}"
        );
        let missing = desk.run("gias", &desk.world.folder.path.join("nowhere.csv"), &[]);
        assert_eq!(missing.status.code(), Some(2));
        let nobody = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["school", "import", "--source", "nobody", "--form", "gias", "--config"])
            .args([&desk.world.folder.path, &file])
            .output()
            .unwrap();
        assert_eq!(nobody.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&nobody.stderr).contains("the directory has no partner 'nobody'"));
    });
}

#[test]
fn nobody_walks_through_the_register() {
    world::run(async {
        let world = World::start_with(&Tweaks { lookups_per_hour: 2, ..Tweaks::default() }).await;
        let nurse = world::Caller::of(&world, "school-nurse");
        let (number, born) = lists::child(1);
        let path = format!("/fhir/Patient/$school?nhs-number={number}&birthdate={born}");
        for _ in 0..2 {
            assert_eq!(nurse.gets(&path).await.expect(200).json()["parameter"][0]["valueCode"], "unknown");
        }
        let refused = nurse.gets(&path).await.expect(429);
        let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((3_500..=3_600).contains(&seconds), "{seconds}");
        assert_eq!(world.journal().await.len(), 2, "what was refused was not asked");
    });
}

/// The URN that a school nurse is told for Maja Whitlock, and the number of warnings.
async fn which_school(world: &World) -> (String, usize) {
    let nurse = world::Caller::of(world, "school-nurse");
    let answer = nurse.gets("/fhir/Patient/$school?nhs-number=9991000089&birthdate=2020-03-02").await;
    let answer = answer.expect(200).json();
    let parameters = answer["parameter"].as_array().unwrap();
    let school = parameters.iter().find(|one| one["name"] == "school").unwrap();
    let warnings = parameters.iter().filter(|one| one["name"] == "warning").count();
    (school["resource"]["identifier"][0]["value"].as_str().unwrap().to_owned(), warnings)
}

#[test]
fn a_person_decides_that_a_child_has_moved_or_whose_place_it_is() {
    use kith::domain::PartnerId;
    use kith::pipeline::{Decider, Ruling, open_waiting, rule};

    world::run(async {
        let world = World::start().await;
        let (house, at) = (world.house(), kith::clock::now());
        let council = PartnerId("kenfordshire".to_owned());
        let primary = PartnerId("aldermere-primary".to_owned());
        let takes = async |source: &PartnerId, form, text: &str| {
            let file = std::io::Cursor::new(text.to_owned().into_bytes());
            let id = uuid::Uuid::new_v4();
            let import = kith::receive::take_in(house, id, form, source, file, at).await.unwrap();
            kith::pipeline::commit_import(house, &import, "", at).await.unwrap()
        };
        let schools = "URN,EstablishmentName,EstablishmentStatus (code)\n900455,Kenford Primary,1\n900456,Aldermere Primary,1\n";
        takes(&council, kith::school::Form::Gias, schools).await;
        let child = "NHS number,Given name,Family name,Date of birth,Postcode\n9991000089,Maja,Whitlock,2020-03-02,CV99 1AA\n";
        takes(&council, kith::school::Form::Children, child).await;
        let places = "NHS number,School URN,Start date\n9991000089,900455,2024-09-03\n";
        takes(&council, kith::school::Form::Places, places).await;
        // Another school says that she has come; and a pupil there has nearly her name.
        let upn = lists::upn(7);
        let moved = format!(
            "NHS number,UPN,Forename,Surname,Date of birth,Postcode,School URN,Start date\n9991000089,,,,,,900456,2026-11-02\n\
             ,{upn},Maya,Whitlock,2020-03-02,CV99 1AA,900456,2026-11-02\n"
        );
        let taken = takes(&primary, kith::school::Form::Places, &moved).await;
        assert_eq!((taken.summary.moves, taken.summary.ambiguous), (1, 1));

        let asks = async || which_school(&world).await;
        assert_eq!(asks().await, ("900455".to_owned(), 1), "nobody guesses");

        let sources = [council.clone(), primary.clone()];
        let by = Decider { partner: &council, person: "a person ", sources: &sources };
        let strangers = Decider { sources: &sources[..1], ..by };
        let waiting = open_waiting(house, &sources, 10).await.unwrap();
        assert_eq!(waiting.len(), 2);
        for one in &waiting {
            let id = &one.place.id;
            assert!(
                rule(house, &strangers, id, Ruling::Dismissed, at).await.is_err(),
                "not theirs to decide"
            );
            if one.candidates.is_empty() {
                assert!(
                    rule(house, &by, id, Ruling::Belongs(one.place.child.clone().unwrap()), at)
                        .await
                        .is_err()
                );
                rule(house, &by, id, Ruling::Moved, at).await.unwrap();
                assert!(rule(house, &by, id, Ruling::Moved, at).await.is_err(), "it waits no more");
            } else {
                assert!(rule(house, &by, id, Ruling::Moved, at).await.is_err(), "first whose it is");
                let other = kith::domain::ChildKey("0".repeat(64));
                assert!(rule(house, &by, id, Ruling::Belongs(other), at).await.is_err(), "nobody else's");
                rule(house, &by, id, Ruling::Belongs(one.candidates[0].0.clone()), at).await.unwrap();
            }
        }
        assert_eq!(asks().await, ("900456".to_owned(), 0));
        // By the pupil number that was learned she is found from now on, and what was decided stays decided.
        let again = takes(&primary, kith::school::Form::Places, &moved).await;
        assert_eq!((again.summary.added, again.summary.ambiguous), (0, 0), "{:?}", again.summary);
        assert_eq!(asks().await, ("900456".to_owned(), 0));
        let old = takes(&council, kith::school::Form::Places, places).await;
        assert_eq!((old.summary.changed, old.summary.unchanged), (0, 1), "the council does not know yet");
        assert_eq!(asks().await, ("900456".to_owned(), 0));
    });
}
