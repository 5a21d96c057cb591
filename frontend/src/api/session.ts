/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie the
 * browser sends to /api/v1/auth alone. `refresh` is single-flight, across tabs too, because a refresh token
 * works once.
 */
import { useSyncExternalStore } from "react";
import { ApiProblem } from "./problem";
import type { Me, Session } from "./types";

const AUTH = "/api/v1/auth";

let accessToken: string | undefined;
let me: Me | undefined;
let refreshing: Promise<boolean> | undefined;
const listeners = new Set<() => void>();

function publish() {
  for (const listener of listeners) listener();
}

export const session = {
  token: () => accessToken,
  me: () => me,

  /** Keeps the answer of a sign-in, a set-up or a refresh. */
  adopt(next: Session) {
    accessToken = next.access_token;
    me = next.user;
    publish();
  },

  /** After PATCH /me. */
  adoptMe(next: Me) {
    me = next;
    publish();
  },

  forget() {
    if (!me && !accessToken) return;
    accessToken = undefined;
    me = undefined;
    publish();
  },

  /** True when the cookie bought a new access token; false when the person must sign in. Throws when the server can't be reached. */
  refresh(): Promise<boolean> {
    refreshing ??= exclusively(refreshOnce).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  },

  async signOut() {
    const headers: Record<string, string> = {};
    if (accessToken) headers.Authorization = `Bearer ${accessToken}`;
    await fetch(`${AUTH}/session`, { method: "DELETE", headers }).catch(() => undefined);
    session.forget();
  },

  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};

async function refreshOnce(): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(`${AUTH}/refresh`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: "{}",
    });
  } catch {
    throw ApiProblem.network();
  }
  if (response.ok) {
    session.adopt((await response.json()) as Session);
    return true;
  }
  // Read to the end, or the connection stays taken.
  const problem = await ApiProblem.from(response);
  if (response.status >= 500 || response.status === 429) throw problem;
  session.forget();
  return false;
}

async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || !navigator.locks) return work();
  return (await navigator.locks.request("regulars-refresh", work)) as T;
}

/** The signed-in person, re-rendering on change. Undefined when signed out. */
export function useSession(): Me | undefined {
  return useSyncExternalStore(session.subscribe, session.me);
}

/** The signed-in person inside the signed-in part of the app, where there always is one. */
export function useMe(): Me {
  const current = useSession();
  if (!current) throw new Error("useMe outside the signed-in part of the app");
  return current;
}

/** Permission test by exact key (`customers:customer:read`) or prefix ending in `:` (`customers:`). */
export function can(person: Me | undefined, permission: string): boolean {
  if (!person) return false;
  return permission.endsWith(":")
    ? person.permissions.some((key) => key.startsWith(permission))
    : person.permissions.includes(permission);
}

export const useCan = (permission: string): boolean => can(useSession(), permission);
