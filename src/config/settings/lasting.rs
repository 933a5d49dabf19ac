//! What counts from the start of Kith to its end, whatever the files say meanwhile.

use super::Settings;

impl Settings {
    /// Puts back what counts from the start of Kith to its end, and names what would have been changed.
    pub fn keep_what_a_start_sets(&mut self, before: &Self) -> Vec<&'static str> {
        let mut changed = Vec::new();
        let (server, was) = (&mut self.server, &before.server);
        keep("server.bind", &mut server.bind, &was.bind, &mut changed);
        keep("server.workers", &mut server.workers, &was.workers, &mut changed);
        let (timeout, was_timeout) = (&mut server.request_timeout_seconds, &was.request_timeout_seconds);
        keep("server.request_timeout_seconds", timeout, was_timeout, &mut changed);
        let (authorities, was_trusted) = (&mut server.tls_client_authorities, &was.tls_client_authorities);
        keep("server.tls_client_authorities", authorities, was_trusted, &mut changed);
        if server.tls_certificate.is_empty() != was.tls_certificate.is_empty() {
            keep("server.tls_certificate", &mut server.tls_certificate, &was.tls_certificate, &mut changed);
            server.tls_key.clone_from(&was.tls_key);
        }
        let (store, was) = (&mut self.store, &before.store);
        if store.url.reveal() != was.url.reveal() {
            changed.push("store.url");
            store.url = was.url.clone();
        }
        keep("store.path", &mut store.path, &was.path, &mut changed);
        keep("store.key_file", &mut store.key_file, &was.key_file, &mut changed);
        keep("log.format", &mut self.log.format, &before.log.format, &mut changed);
        keep("log.level", &mut self.log.level, &before.log.level, &mut changed);
        keep("telemetry", &mut self.telemetry, &before.telemetry, &mut changed);
        let (tolerance, was) =
            (&mut self.policy.clock_tolerance_seconds, &before.policy.clock_tolerance_seconds);
        keep("policy.clock_tolerance_seconds", tolerance, was, &mut changed);
        changed
    }
}

/// Leaves a setting as it was, and notes it when it would have changed.
fn keep<T: PartialEq + Clone>(name: &'static str, now: &mut T, was: &T, changed: &mut Vec<&'static str>) {
    if now != was {
        now.clone_from(was);
        changed.push(name);
    }
}
