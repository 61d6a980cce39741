//! How every engine finds the servers, whatever host and port a URL has: a SOCKS proxy, which is told
//! names instead of looking them up.
//!
//! Source: RFC 1928.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use actix_web::rt::{
    self,
    net::{TcpListener, TcpStream},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};

/// Hosts and where they are, the first that matches; `*.` stands for any subdomain.
pub(crate) type Hosts = Arc<[(&'static str, SocketAddr)]>;

/// Starts a proxy that knows these hosts and no others; answers its address.
pub(crate) fn start(hosts: Hosts) -> SocketAddr {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("an address");
    let listener = TcpListener::from_std(listener).expect("a runtime");
    rt::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let hosts = Arc::clone(&hosts);
            // a browser closes its connections as it likes
            rt::spawn(async move { serve(client, &hosts).await.ok() });
        }
    });
    address
}

const VERSION: u8 = 5;
const SUCCEEDED: u8 = 0;
const HOST_UNREACHABLE: u8 = 4;

async fn serve(mut client: TcpStream, hosts: &Hosts) -> io::Result<()> {
    // the methods of authentication that the client offers
    let [_, count] = read(&mut client).await?;
    client.read_exact(&mut vec![0; count.into()]).await?;
    let no_authentication = 0;
    client.write_all(&[VERSION, no_authentication]).await?;
    let host = read_host(&mut client).await?;
    let address = find(hosts, &host);
    let reply = if address.is_some() { SUCCEEDED } else { HOST_UNREACHABLE };
    // the bound address means nothing to anybody
    client.write_all(&[VERSION, reply, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    if let Some(address) = address {
        let mut server = TcpStream::connect(address).await?;
        copy_bidirectional(&mut client, &mut server).await?;
    }
    Ok(())
}

/// The host that the client wants to reach.
async fn read_host(client: &mut TcpStream) -> io::Result<String> {
    let [_, _connect, _, kind] = read(client).await?;
    let host = match kind {
        1 => Ipv4Addr::from(read::<4>(client).await?).to_string(),
        4 => format!("[{}]", Ipv6Addr::from(read::<16>(client).await?)),
        _ => {
            let [length] = read(client).await?;
            let mut name = vec![0; length.into()];
            client.read_exact(&mut name).await?;
            let name = String::from_utf8_lossy(&name).into_owned();
            // `WebKitGTK` sends addresses as names
            match name.trim_matches(['[', ']']).parse::<Ipv6Addr>() {
                Ok(address) => format!("[{address}]"),
                Err(_) => name,
            }
        }
    };
    let _port = read::<2>(client).await?;
    Ok(host)
}

async fn read<const N: usize>(client: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn find(hosts: &Hosts, host: &str) -> Option<SocketAddr> {
    let is_it = |pattern: &str| match pattern.strip_prefix('*') {
        Some(end) => host.ends_with(end),
        None => host == pattern,
    };
    hosts.iter().find(|(pattern, _)| is_it(pattern)).map(|(_, address)| *address)
}
