/** The frame around every signed-in page: navigation on the left, at the lower edge on phones, ⌘K anywhere. */
import {
  IconDots,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { Link, Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { can, session, useMe } from "@/api/session";
import { Avatar, Kbd, Mark, Menu, useColorScheme, useMediaQuery, VisuallyHidden } from "@/shared/ui";
import { PLACES, type Place } from "./navigation";
import { queryClient } from "./query";
import classes from "./Shell.module.css";
import { MOD, useShortcuts } from "./shortcuts";

const NoticeBell = lazy(() =>
  import("@/features/notices").then((module) => ({ default: module.NoticeBell })),
);
const Palette = lazy(() => import("./Palette"));
const RunningJobs = lazy(() => import("./RunningJobs"));
const ShortcutHelp = lazy(() => import("./ShortcutHelp"));

/** Places in the lower bar of a phone, "more" included. */
const FITS_PHONE = 5;

export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"palette" | "help" | undefined>();
  const path = useLocation({ select: (location) => location.pathname });
  // Until the second step that the company asks for is there, this is all there is to do.
  const led = me.second_factor.required && !me.second_factor.enabled && path !== "/profile";
  const places = useMemo(() => PLACES.filter((place) => !place.needs || can(me, place.needs)), [me]);

  const top = places.filter((place) => !place.under);
  const onPhone = places.length > FITS_PHONE ? top.slice(0, FITS_PHONE - 1) : top;
  const rest = places.filter((place) => !onPhone.includes(place));

  const onSmall = useMediaQuery("(max-width: 48em)");
  const shortcuts = Object.fromEntries(
    places.flatMap((place) => (place.go ? [[`g ${place.go}`, () => void navigate({ to: place.to })]] : [])),
  );
  useShortcuts({
    ...shortcuts,
    "mod+k": () => setOpen("palette"),
    "/": () => setOpen("palette"),
    "?": () => setOpen("help"),
  });

  if (led) return <Navigate to="/profile" />;
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t("shell.skip")}
      </a>
      <aside className={classes.side}>
        <div className={classes.brand}>
          <Mark />
          <div className={classes.brandWords}>
            <span className={classes.brandName}>{t("shell.brand")}</span>
            <span className={classes.company}>{me.company.name}</span>
          </div>
          {!onSmall && <Bell />}
        </div>
        <button type="button" className={classes.search} onClick={() => setOpen("palette")}>
          <IconSearch size={16} aria-hidden="true" />
          <span>{t("shell.search")}</span>
          <Kbd size="xs" className={classes.kbd}>
            {MOD} K
          </Kbd>
        </button>
        <nav aria-label={t("shell.navigation")} className={classes.nav}>
          {places.map((place) => (
            <PlaceLink key={place.key} place={place} />
          ))}
        </nav>
        {!onSmall && <Jobs />}
        <AccountMenu onHelp={() => setOpen("help")} />
      </aside>
      <header className={classes.topBar}>
        <Mark size={26} />
        <span className={classes.brandName}>{me.company.name}</span>
        <button
          type="button"
          className={classes.topSearch}
          aria-label={t("shell.search")}
          onClick={() => setOpen("palette")}
        >
          <IconSearch size={20} />
        </button>
        {onSmall && <Bell />}
        {onSmall && <Jobs />}
        <AccountMenu onHelp={() => setOpen("help")} compact />
      </header>
      <main id="main" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <nav aria-label={t("shell.navigation_phone")} className={classes.bottom}>
        {onPhone.map((place) => (
          <PlaceLink key={place.key} place={place} />
        ))}
        {rest.length > 0 && <MorePlaces places={rest} />}
      </nav>
      <Suspense>
        {open === "palette" && <Palette places={places} onClose={() => setOpen(undefined)} />}
        {open === "help" && <ShortcutHelp places={places} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </div>
  );
}

function Jobs() {
  return (
    <Suspense>
      <RunningJobs />
    </Suspense>
  );
}

function Bell() {
  return (
    <Suspense>
      <NoticeBell />
    </Suspense>
  );
}

function PlaceLink({ place }: { place: Place }) {
  const { t } = useTranslation();
  const Icon = place.icon;
  return (
    <Link
      to={place.to}
      className={classes.place}
      data-under={place.under ? true : undefined}
      activeOptions={{ exact: place.to === "/" || place.to === "/insight" }}
      activeProps={{ "aria-current": "page", "data-active": true } as never}
    >
      <Icon size={20} stroke={1.6} aria-hidden="true" />
      <span>{t(place.label)}</span>
    </Link>
  );
}

/** What the lower bar has no room for. */
function MorePlaces({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Menu
      position="top-end"
      width={200}
      target={
        <button type="button" className={classes.place}>
          <IconDots size={20} stroke={1.6} aria-hidden="true" />
          <span>{t("action.more")}</span>
        </button>
      }
    >
      {({ Item }) => (
        <>
          {places.map((place) => (
            <Item
              key={place.key}
              leftSection={<place.icon size={17} stroke={1.6} aria-hidden="true" />}
              onClick={() => void navigate({ to: place.to })}
            >
              {t(place.label)}
            </Item>
          ))}
        </>
      )}
    </Menu>
  );
}

/** First letter of the given name reads best: the last two characters of a Chinese name, initials otherwise. */
export function initials(name: string): string {
  if (/\p{Script=Han}/u.test(name)) return Array.from(name).slice(-2).join("");
  return name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
}

function AccountMenu({ onHelp, compact }: { onHelp: () => void; compact?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const scheme = useColorScheme();
  const dark = scheme.colorScheme === "dark";
  const signOut = async () => {
    await session.signOut();
    queryClient.clear();
    void navigate({ to: "/sign-in" });
  };
  return (
    <Menu
      position={compact ? "bottom-end" : "top-start"}
      width={232}
      target={
        <button
          type="button"
          className={classes.account}
          aria-label={compact ? t("shell.account", { name: me.name }) : undefined}
        >
          {!compact && <VisuallyHidden>{t("shell.account_of")}</VisuallyHidden>}
          <Avatar size={30} radius="xl" color="ember.8" variant="filled" aria-hidden>
            {initials(me.name)}
          </Avatar>
          {!compact && (
            <span className={classes.accountWords}>
              <span className={classes.accountName}>{me.name}</span>
              <span className={classes.accountUnit}>{me.unit?.name ?? me.login}</span>
            </span>
          )}
        </button>
      }
    >
      {({ Item, Divider }) => (
        <>
          <Item leftSection={<IconUser size={16} />} onClick={() => void navigate({ to: "/profile" })}>
            {t("shell.profile")}
          </Item>
          <Item
            leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />}
            onClick={() => scheme.setColorScheme(dark ? "light" : "dark")}
          >
            {t(dark ? "shell.light" : "shell.dark")}
          </Item>
          <Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
            {t("shell.shortcuts")}
          </Item>
          <Divider />
          <Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
            {t("shell.sign_out")}
          </Item>
        </>
      )}
    </Menu>
  );
}
