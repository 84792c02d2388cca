// Package offline makes what a device holds while it has no network: a pack, for one thing
// and one device, that ends. What is in it and what its rows mean is its module's.
//
//	house ─HMAC─ Key ── in the pack, clear; hashes what the device is shown
//	              ├─ a box for each secret that only its bearer shows (a signed QR)
//	              └─ boxes for the desk key, which lies in the pack in a Lock
//
// Only what browsers have in WebCrypto is used: HMAC and HKDF with SHA-256, PBKDF2,
// AES-256-GCM. web/ts/offline opens what is closed here. docs/offline.md tells what somebody
// with the device can read.
package offline
