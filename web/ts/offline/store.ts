// What a phone at the door keeps in its storage: one pack, the ledger of its scans, how wrong
// its clock is, one run sheet and what was pressed on it (day.ts), and parcels of other phones
// (parcel.ts). No name and no code is among
// it; docs/offline.md says what a row is.
import type { Line } from "./decide.js";
import type { Pack } from "./pack.js";

/** The pack as it lies here, with what the house called this state of it. */
export interface Held {
  pack: Pack;
  tag: string;
  /** What the house calls the device that the pack is for. */
  mark: string;
  /** The title of the activity, which is public, in the language in which the page was read last. */
  title: string;
}

/** A scan as it is kept: what the house has not answered yet goes up again. */
export interface Kept extends Line {
  /** Whose pack calls the row so: another device's scans are not sent as this one's. */
  by: string;
  /** A ticket that was read, a guest who was chosen by name, or a walk-in; empty when the pack knows neither. */
  row: "ticket" | "guest" | "undo" | "walk_in" | "";
  /** What only the house opens, until it has answered: a code that the pack has no row for, or what a walk-in told. */
  box?: string;
  /** When the house answered, by its clock; 0 while it has not. */
  answered: number;
  /** The device let somebody in, and the house did not. */
  denied: boolean;
}

const database = "ashar-door";
const stores = ["pack", "line", "clock", "day", "mark", "parcel"] as const;
type Name = (typeof stores)[number];

/** Under this name localStorage says that something is held: until when, and by which script it is given up. */
export const heldMark = "door-held";

/** Says that something is held until then. The earliest end stands, so that nothing outlives its own; was is the end that stood there. */
export function note(until: number, script: string, was = parseInt(localStorage.getItem(heldMark) ?? "")): void {
  localStorage.setItem(heldMark, `${was < until ? was : until} ${script}`);
}

/** What is told on the page when all was given up: a pack that comes later is not kept any more. */
export const givenUp = "door-given-up";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Waits until a change is on the disk. */
function whole(change: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    change.oncomplete = () => resolve();
    change.onerror = change.onabort = () => reject(change.error);
  });
}

/** The storage of the door. Where the browser has none, all is kept in memory while the page is open. */
export class Store {
  private readonly memory = Object.fromEntries(stores.map((name) => [name, new Map<string, unknown>()])) as Record<Name, Map<string, unknown>>;

  private constructor(private readonly db: IDBDatabase | undefined) {
    db?.addEventListener("versionchange", () => db.close());
  }

  static async open(): Promise<Store> {
    try {
      const request = indexedDB.open(database, 3);
      request.onupgradeneeded = () => {
        const { result } = request;
        for (const name of stores) if (!result.objectStoreNames.contains(name)) result.createObjectStore(name);
      };
      return new Store(await done(request));
    } catch {
      return new Store(undefined);
    }
  }

  async put(name: Name, key: string, value: unknown): Promise<void> {
    if (!this.db) return void this.memory[name].set(key, value);
    // Strict: it is on the disk before anything is shown.
    const change = this.db.transaction(name, "readwrite", { durability: "strict" });
    change.objectStore(name).put(value, key);
    await whole(change);
  }

  async all<T>(name: Name): Promise<T[]> {
    if (!this.db) return [...this.memory[name].values()] as T[];
    return done(this.db.transaction(name).objectStore(name).getAll()) as Promise<T[]>;
  }

  async remove(name: Name, keys?: string[]): Promise<void> {
    if (!this.db) {
      for (const key of keys ?? this.memory[name].keys()) this.memory[name].delete(key);
      return;
    }
    const change = this.db.transaction(name, "readwrite");
    const store = change.objectStore(name);
    if (keys) for (const key of keys) store.delete(key);
    else store.clear();
    await whole(change);
  }

  /** The pack that is held, of whatever activity. */
  async held(): Promise<Held | undefined> {
    return (await this.all<Held>("pack"))[0];
  }

  /** Keeps a pack in place of the one before: a device holds one. */
  async hold(held: Held, script: string): Promise<void> {
    await this.put("pack", "pack", held);
    note(held.pack.until, script);
  }

  /** Keeps a scan, or what it has come to. */
  async keep(line: Kept): Promise<void> {
    await this.put("line", line.nonce, line);
  }

  async lines(): Promise<Kept[]> {
    return this.all<Kept>("line");
  }

  /** By how many milliseconds the device's clock is behind the house's, 0 before the first contact. */
  async clock(): Promise<number> {
    return (await this.all<number>("clock"))[0] ?? 0;
  }

  /** Deletes all but the scans and marks that the house has not answered. */
  async wipe(): Promise<void> {
    for (const name of ["pack", "clock", "day"] as const) await this.remove(name);
    await this.remove("line", (await this.lines()).filter((l) => l.answered).map((l) => l.nonce));
    localStorage.removeItem(heldMark);
  }
}
