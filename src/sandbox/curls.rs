//! Lines to copy: each gets its own token, so that any of them works by itself, again and again.

use std::path::Path;

use super::world::{Addresses, HEALTH_VISITING, SCHOOL_NURSING, SURGERY};

/// A fresh id for each message: Linux gives one in a file, other systems by a program.
const NEW_ID: &str = "X-Request-ID: $(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)";

/// The lines, each with a sentence that says what it does.
pub(super) fn lines(addresses: &Addresses, secret: &str, check: &Path, flag: &Path) -> String {
    let Addresses { kith, provider, partners } = addresses;
    let bearer = |client: &str| {
        format!(
            "Authorization: Bearer $(curl -sS {provider}/token -d grant_type=client_credentials -d client_id={client} \
             -d client_secret={secret} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
        )
    };
    let (visitor, surgery, nurse) = (bearer(HEALTH_VISITING), bearer(SURGERY), bearer(SCHOOL_NURSING));
    let (check, flag) = (check.display(), flag.display());
    format!(
        "\nNow you. Each line works by itself; the files in it are there to be changed.\n\n\
         Send another child's 14-day check as the health visiting service (202: who is told what, and why):\n\n\
         curl -sS -i -X POST {kith}/records/new-birth-visit -H \"{visitor}\" -H \"{NEW_ID}\" \
         -H 'Content-Type: application/json' --data-binary '@{check}'\n\n\
         Ask for the receipts of everything that it sent, newest first:\n\n\
         curl -sS -i '{kith}/fhir/Task?_count=10' -H \"{visitor}\"\n\n\
         Push a safeguarding flag as the surgery (201 with its ETag; a second time Kith says that the flag is there):\n\n\
         curl -sS -i -X POST {kith}/fhir/Flag -H \"{surgery}\" -H \"{NEW_ID}\" \
         -H 'Content-Type: application/fhir+json' --data-binary '@{flag}'\n\n\
         Then look at what a partner got, for instance at {partners}/kenford-north-centre/received,\n\
         or open {kith}/workbench in a browser and hold a resource of yours against Kith's profiles.\n\n\
         Which school does a child attend? Ask as the school nurse (born 2020-03-02; with another day there is no answer):\n\n\
         curl -sS -i '{kith}/fhir/Patient/$school?nhs-number=9991000089&birthdate=2020-03-02' -H \"{nurse}\"\n\n\
         Or in a browser: open {kith}/school, choose to be the school nurse, and look up 999 100 0089, born 2 3 2020. Tell the\n\
         school what its teachers must know, then open {kith}/inbox as its special educational needs co-ordinator\n\
         (sign out first).\n"
    )
}
