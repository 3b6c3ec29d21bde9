//! UDP and TCP, with peers on loopback ports.

use serde_json::json;

use super::{PROBE, Script};
use crate::peers::{PeerEvent, Peers};

pub(super) fn udp(script: &mut Script, peers: &Peers) {
    script.chapter = "UDP";
    let (peer, own) = (peers.udp_port(), peers.free_udp_port);
    let receive = json!(["sk_udp_recv", 1, { "buffer": 2048 }, { "room": 64 }, { "room": 2 }]);
    script.call(json!(["sk_udp_create", 0]));
    for call in [
        json!(["sk_udp_set_broadcast", 1, 1]),
        json!(["sk_udp_set_multicast_ttl", 1, 4]),
        json!(["sk_udp_set_multicast_ttl", 1, 1000]),
        json!(["sk_udp_set_multicast_loopback", 1, 0]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.3", "127.0.0.1"]),
        json!(["sk_udp_join_multicast", 1, "nonsense", ""]),
        json!(["sk_udp_leave_multicast", 1, "239.9.9.9", ""]),
        json!(["sk_udp_pending", 1]),
        receive.clone(),
        json!(["sk_udp_bind", 1, own]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, "first"]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::UdpReceive);
    // It has been bound by now.
    for call in [
        json!(["sk_udp_bind", 1, own]),
        json!(["sk_udp_set_broadcast", 1, 0]),
        json!(["sk_udp_set_broadcast", 1, 7]),
        json!(["sk_udp_set_multicast_ttl", 1, 0]),
        json!(["sk_udp_set_multicast_ttl", 1, 255]),
        json!(["sk_udp_set_multicast_ttl", 1, 256]),
        json!(["sk_udp_set_multicast_ttl", 1, -1]),
        json!(["sk_udp_set_multicast_loopback", 1, 1]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_leave_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_leave_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_join_multicast", 1, "127.0.0.1", ""]),
        json!(["sk_udp_join_multicast", 1, "", ""]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.5", "nonsense"]),
        json!(["sk_udp_leave_multicast", 1, "nonsense", ""]),
        json!(["sk_udp_join_multicast", 1, { "text": "239.1.2.3", "len": -1 }, ""]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.6", { "text": "127.0.0.1", "len": -1 }]),
    ] {
        script.call(call);
    }
    for data in ["one", "two: é", "", "three and more"] {
        script.peer(PeerEvent::UdpSend(data.as_bytes().to_vec()));
    }
    script.until(&json!(["sk_udp_pending", 1]), 4);
    script.call(receive.clone());
    script.call(
        json!(["sk_udp_recv", 1, { "buffer": 2048, "max": 3 }, { "room": 64 }, { "room": 2 }]),
    );
    script.call(receive.clone());
    script.call(
        json!(["sk_udp_recv", 1, { "buffer": 2048, "max": -5 }, { "room": 64 }, { "room": 2 }]),
    );
    script.call(receive.clone());
    for data in ["a", "bb", "ccc", "dddd"] {
        script.peer(PeerEvent::UdpSend(data.as_bytes().to_vec()));
    }
    script.until(&json!(["sk_udp_pending", 1]), 4);
    script.call(
        json!(["sk_udp_recv", 1, { "buffer": 2048, "max": 0 }, { "room": 64 }, { "room": 2 }]),
    );
    script.call(json!(["sk_udp_recv", 1, -1, 2048, { "room": 64 }, { "room": 2 }]));
    script.call(json!(["sk_udp_recv", 1, { "buffer": 2048 }, -1, { "room": 2 }]));
    script.call(json!(["sk_udp_recv", 1, { "buffer": 2048 }, { "room": 64 }, -1]));
    script.call(json!(["sk_udp_pending", 1]));
    for call in [
        json!(["sk_udp_send", 1, "127.0.0.1", 0, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", 70_000, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", -1, "data"]),
        json!(["sk_udp_send", 1, "", peer, "to the empty address"]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, { "text": "data", "len": -1 }]),
        json!(["sk_udp_send", 1, { "text": "127.0.0.1", "len": -1 }, peer, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, ""]),
        json!(["sk_udp_send", 99, "127.0.0.1", peer, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, { "bytes": "ff00" }]),
    ] {
        script.call(call);
    }
    for _ in 0..3 {
        script.peer(PeerEvent::UdpReceive);
    }
    for call in [
        json!(["sk_udp_bind", 99, 0]),
        json!(["sk_udp_set_broadcast", 99, 1]),
        json!(["sk_udp_set_multicast_ttl", 99, 1]),
        json!(["sk_udp_set_multicast_loopback", 99, 1]),
        json!(["sk_udp_join_multicast", 99, "239.1.2.3", ""]),
        json!(["sk_udp_leave_multicast", 99, "239.1.2.3", ""]),
        json!(["sk_udp_pending", 99]),
        json!(["sk_udp_close", 99]),
        json!(["sk_udp_recv", 99, { "buffer": 16 }, { "room": 64 }, { "room": 2 }]),
        json!(["sk_udp_create", 7]),
        json!(["sk_udp_create", 1]),
        json!(["sk_udp_bind", 3, 0]),
        json!(["sk_udp_bind", 2, 70_000]),
        json!(["sk_udp_bind", 2, -1]),
        json!(["sk_udp_send", 2, "127.0.0.1", peer, "unbound"]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::UdpReceive);
    for call in [
        json!(["sk_udp_set_multicast_ttl", 2, 256]),
        json!(["sk_udp_close", 1]),
        json!(["sk_udp_pending", 1]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, "closed"]),
        json!(["sk_udp_close", 1]),
        json!(["sk_udp_create", 0]),
    ] {
        script.call(call);
    }
    script.save(PROBE, "a stop closes them", &json!({ "configuration": {} }));
    script.call(json!(["sk_udp_set_broadcast", 4, 1]));
    script.call(json!(["sk_udp_create", 0]));
}

pub(super) fn tcp(script: &mut Script, peers: &Peers) {
    script.chapter = "TCP";
    let (peer, nobody) = (peers.tcp_port(), peers.free_tcp_port);
    let raw = |id: i32| json!(["sk_tcp_recv_raw", id, { "buffer": 4096 }]);
    let line = |id: i32| json!(["sk_tcp_recv_line", id, { "buffer": 4096 }]);
    for call in [
        json!(["sk_tcp_create"]),
        json!(["sk_tcp_connected", 1]),
        json!(["sk_tcp_send", 1, "unconnected"]),
        json!(["sk_tcp_pending", 1]),
        raw(1),
        line(1),
        json!(["sk_tcp_connect", 1, "127.0.0.1", 70_000]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", -1]),
        json!(["sk_tcp_connect", 1, { "text": "127.0.0.1", "len": -1 }, peer]),
        json!(["sk_tcp_connect", 99, "127.0.0.1", peer]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", peer]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", peer]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::TcpAccept);
    script.until(&json!(["sk_tcp_connected", 1]), 1);
    script.call(json!(["sk_tcp_connect", 1, "127.0.0.1", peer]));
    script.call(json!(["sk_tcp_send", 1, "hello é"]));
    script.peer(PeerEvent::TcpReceive(8));
    script.call(json!(["sk_tcp_send", 1, ""]));
    script.call(json!(["sk_tcp_send", 1, { "text": "data", "len": -1 }]));
    script
        .peer(PeerEvent::TcpSend(b"one\r\n\r\ntwo: \xc3\xa9\nthree\r\nfour\nfive\nbegun".to_vec()));
    script.until(&json!(["sk_tcp_pending", 1]), 5);
    for call in [
        line(1),
        raw(1),
        json!(["sk_tcp_recv_line", 1, { "buffer": 4096, "max": 2 }]),
        json!(["sk_tcp_recv_line", 1, { "buffer": 4096, "max": 0 }]),
        json!(["sk_tcp_recv_line", 1, { "buffer": 4096, "max": -2 }]),
        json!(["sk_tcp_recv_line", 1, -1, 4096]),
        line(1),
        json!(["sk_tcp_pending", 1]),
        json!(["sk_tcp_set_line_buffering", 1, 0]),
    ] {
        script.call(call);
    }
    for (place, data) in (1..).zip([&b"\x00\xff\n"[..], b"raw", b"more", b"and more"]) {
        script.peer(PeerEvent::TcpSend(data.to_vec()));
        script.until(&json!(["sk_tcp_pending", 1]), place);
    }
    for call in [
        raw(1),
        json!(["sk_tcp_recv_raw", 1, { "buffer": 4096, "max": -1 }]),
        json!(["sk_tcp_recv_raw", 1, { "buffer": 4096, "max": 2 }]),
        line(1),
        json!(["sk_tcp_recv_raw", 1, -1, 4096]),
        json!(["sk_tcp_set_line_buffering", 1, 7]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::TcpSend(b" is whole\n".to_vec()));
    script.until(&json!(["sk_tcp_pending", 1]), 1);
    script.call(line(1));
    script.peer(PeerEvent::TcpSend(b"lost\n".to_vec()));
    script.peer(PeerEvent::TcpClose);
    script.until(&json!(["sk_tcp_connected", 1]), -1);
    for call in [
        json!(["sk_tcp_pending", 1]),
        line(1),
        json!(["sk_tcp_send", 1, "gone"]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", peer]),
        json!(["sk_tcp_create"]),
        json!(["sk_tcp_connect", 2, "127.0.0.1", nobody]),
    ] {
        script.call(call);
    }
    script.until(&json!(["sk_tcp_connected", 2]), -1);
    for call in [
        json!(["sk_tcp_connected", 99]),
        json!(["sk_tcp_pending", 99]),
        json!(["sk_tcp_set_line_buffering", 99, 1]),
        json!(["sk_tcp_send", 99, "data"]),
        raw(99),
        line(99),
        json!(["sk_tcp_close", 99]),
        json!(["sk_tcp_create"]),
        json!(["sk_tcp_connect", 3, "", peer]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::TcpAccept);
    script.until(&json!(["sk_tcp_connected", 3]), 1);
    script.save(PROBE, "a stop does not close it", &json!({ "configuration": {} }));
    script.call(json!(["sk_tcp_connected", 3]));
    script.call(json!(["sk_tcp_close", 3]));
    script.call(json!(["sk_tcp_connected", 3]));
}
