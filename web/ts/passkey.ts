// The passkey buttons of the sign-in and passkey pages. Without script, or where
// the browser knows no passkeys, they stay hidden.

type Buffers = { [key: string]: unknown };

function bytes(text: string): ArrayBuffer {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer | null): string | undefined {
  if (!buffer) return undefined;
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const ids = (list: Buffers[] | undefined) => list?.map((c) => ({ ...c, id: bytes(c["id"] as string) }));

async function post(path: string, body?: unknown): Promise<Buffers> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Buffers;
}

async function enrol(place: HTMLElement): Promise<Buffers> {
  const { publicKey: o } = (await post(place.dataset["begin"] ?? "/me/passkeys/begin")) as { publicKey: Buffers };
  const user = o["user"] as Buffers;
  const key = (await navigator.credentials.create({
    publicKey: {
      ...o,
      challenge: bytes(o["challenge"] as string),
      user: { ...user, id: bytes(user["id"] as string) },
      excludeCredentials: ids(o["excludeCredentials"] as Buffers[] | undefined),
    } as unknown as PublicKeyCredentialCreationOptions,
  })) as PublicKeyCredential;
  const made = key.response as AuthenticatorAttestationResponse;
  return post(place.dataset["finish"] ?? "/me/passkeys/finish", {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: {
      attestationObject: text(made.attestationObject),
      clientDataJSON: text(made.clientDataJSON),
      transports: made.getTransports?.() ?? [],
    },
  });
}

async function signIn(): Promise<Buffers> {
  const { publicKey: o } = (await post("/sign-in/passkey/begin")) as { publicKey: Buffers };
  const key = (await navigator.credentials.get({
    publicKey: {
      ...o,
      challenge: bytes(o["challenge"] as string),
      allowCredentials: ids(o["allowCredentials"] as Buffers[] | undefined),
    } as unknown as PublicKeyCredentialRequestOptions,
  })) as PublicKeyCredential;
  const made = key.response as AuthenticatorAssertionResponse;
  return post("/sign-in/passkey/finish", {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: {
      authenticatorData: text(made.authenticatorData),
      clientDataJSON: text(made.clientDataJSON),
      signature: text(made.signature),
      userHandle: text(made.userHandle),
    },
  });
}

const place = document.getElementById("passkey");
const button = place?.querySelector("button");
if (place && button && "PublicKeyCredential" in window) {
  const status = place.querySelector("[role=status]");
  place.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    if (status) status.textContent = "";
    try {
      await (place.dataset["passkey"] === "enrol" ? enrol(place) : signIn());
      location.assign(place.dataset["next"] ?? "/");
    } catch {
      if (status) status.textContent = place.dataset["failed"] ?? "";
      button.disabled = false;
    }
  });
}

export {};
