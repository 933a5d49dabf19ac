//! What somebody could run instead who only wants requests to arrive: nginx, which hands them on and keeps nothing.

use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::world::World;
use crate::world::load::free_port;

/// nginx before a partner; ended when dropped.
pub struct Proxy {
    nginx: Child,
    port: u16,
}

impl Proxy {
    /// Starts it before an address of a partner's, if it is installed (Debian: nginx-light). It holds connections open on both sides and
    /// verifies the partner's certificate, as Kith does.
    pub fn starts(world: &World, partner: &str) -> Option<Self> {
        let folder = &world.folder.path;
        let port = free_port();
        let authority = folder.join("authority.pem");
        let (upstream, path) =
            partner.trim_start_matches("https://").split_once('/').expect("an address with a path");
        let upstream = upstream.replace("localhost", "127.0.0.1");
        let configuration = format!(
            "daemon off; worker_processes 2; pid {0}/nginx.pid; error_log {0}/nginx.log;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;\n\
             upstream partner {{ server {upstream}; keepalive 64; }}\n\
             server {{ listen 127.0.0.1:{port}; client_body_buffer_size 64k;\n\
             location / {{ proxy_pass https://partner/{path}; proxy_http_version 1.1; proxy_set_header Connection \"\";\n\
             proxy_ssl_trusted_certificate {1}; proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_server_name on; }} }} }}\n",
            folder.display(),
            authority.display()
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration).expect("a file");
        let mut command = Command::new("nginx");
        command.arg("-c").arg(&file).arg("-p").arg(folder).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(nginx) = command.spawn() else {
            println!("nginx is not installed (apt-get install nginx-light): not measured");
            return None;
        };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(Self { nginx, port });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        println!("nginx did not start: not measured");
        None
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Its workers end when told so, not when their master is killed.
        let _ = Command::new("kill").arg("-QUIT").arg(self.nginx.id().to_string()).status();
        let _ = self.nginx.wait();
    }
}
