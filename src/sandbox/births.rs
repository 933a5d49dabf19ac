//! The births of a month as Kenford's child health service has them, and the council's key to the list that Kith makes of them.

use std::path::PathBuf;

use chrono::{Days, NaiveDate};

use super::folder::Folder;
use super::world;
use crate::config::Config;
use crate::secrecy::LetterKeys;

/// The council's private key, in the sandbox's folder.
const KEY: &str = "council.key";

/// Puts the council's private key into the folder; gives the public one, for the directory.
pub(super) fn council_key(folder: &Folder) -> std::io::Result<String> {
    let keys = LetterKeys::new();
    folder.write(KEY, keys.private.reveal())?;
    Ok(keys.public)
}

/// Writes the file of births; gives the lines by which a list is made of it and opened.
pub(super) fn lines(
    folder: &Folder,
    kith: &str,
    today: NaiveDate,
) -> Result<String, Box<dyn std::error::Error>> {
    // The month in which the first child of the story was born.
    let month = today.checked_sub_days(Days::new(14)).unwrap_or(today).format("%Y-%m").to_string();
    let births = include_str!("records/births.csv").replace("{month}", &month);
    let file = folder.write("births.csv", &world::dated(&births, today)?)?;
    let program = Config::program().unwrap_or_else(|| PathBuf::from("kith"));
    let (program, folder, file) = (program.display(), folder.path().display(), file.display());
    let list = format!("{folder}/lists/births-{month}-{}.csv.age", world::COUNCIL);
    Ok(format!(
        "\nAs the council's data lead: make the list of all babies born in {month} whose parents agreed that the centre may know\n\
         (Maja's mother alone), count all that were born, and open the list with the council's key:\n\n\
         {program} births list --config {folder} --authority {} --month {month} --out {folder}/lists birth-notification={file}\n\n\
         {program} births open --key {folder}/{KEY} {list}\n\n\
         The list of what the messages above told, and of what you send, is taken at {kith}/births: sign in as Sam Ferris.\n\n\
         Who was told what about Jaden, and on what ground? Open {kith}/who-was-told as Ade Bello, who\n\
         answers for it to families, and look up 999 000 6865.\n\
         How is it running? Open {kith}/operations as Sam Okafor.\n\
         Building a system? {kith}/developers begins with the first calls.\n",
        world::COUNCIL
    ))
}
