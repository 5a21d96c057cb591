import {
  IconBan,
  IconBinaryTree2,
  IconBuildingStore,
  IconFileExport,
  IconForms,
  IconHistory,
  IconKey,
  IconLayoutKanban,
  IconListDetails,
  IconProgressCheck,
  IconRosetteDiscountCheck,
  IconRoute,
  IconShieldLock,
  IconTags,
  IconUserCheck,
  IconUsers,
  IconWebhook,
  IconWorldUpload,
  type TablerIcon,
} from "@tabler/icons-react";
import type { LinkProps } from "@tanstack/react-router";
import { can, type Me } from "@/api";

export interface Section {
  key: string;
  to: LinkProps["to"];
  icon: TablerIcon;
  needs?: string;
  group: "company" | "people" | "data" | "system";
}

/** The pages under Settings. Names and descriptions are in the texts, under `section`. */
const SECTIONS: Section[] = [
  {
    key: "company",
    to: "/settings/company",
    icon: IconBuildingStore,
    needs: "platform:settings:read",
    group: "company",
  },
  {
    key: "organisation",
    to: "/settings/organisation",
    icon: IconBinaryTree2,
    needs: "access:user:read",
    group: "company",
  },
  { key: "users", to: "/settings/users", icon: IconUsers, needs: "access:user:read", group: "people" },
  {
    key: "accounts",
    to: "/settings/account-requests",
    icon: IconUserCheck,
    needs: "access:account:ask",
    group: "people",
  },
  { key: "roles", to: "/settings/roles", icon: IconShieldLock, needs: "access:user:read", group: "people" },
  { key: "tags", to: "/settings/tags", icon: IconTags, needs: "customers:customer:read", group: "data" },
  {
    key: "suppressions",
    to: "/settings/do-not-contact",
    icon: IconBan,
    needs: "customers:customer:assign",
    group: "data",
  },
  {
    key: "pipelines",
    to: "/settings/pipelines",
    icon: IconLayoutKanban,
    needs: "platform:pipeline:write",
    group: "data",
  },
  {
    key: "lead_forms",
    to: "/settings/lead-forms",
    icon: IconWorldUpload,
    needs: "platform:pipeline:write",
    group: "data",
  },
  {
    key: "qualification",
    to: "/settings/qualification",
    icon: IconRosetteDiscountCheck,
    needs: "platform:qualification:write",
    group: "data",
  },
  {
    key: "journeys",
    to: "/settings/journeys",
    icon: IconRoute,
    needs: "activities:journey:write",
    group: "data",
  },
  { key: "fields", to: "/settings/fields", icon: IconForms, needs: "platform:settings:read", group: "data" },
  {
    key: "dictionaries",
    to: "/settings/dictionaries",
    icon: IconListDetails,
    needs: "platform:settings:read",
    group: "data",
  },
  { key: "keys", to: "/settings/api-keys", icon: IconKey, needs: "access:api_key:write", group: "system" },
  {
    key: "webhooks",
    to: "/settings/webhooks",
    icon: IconWebhook,
    needs: "platform:webhook:write",
    group: "system",
  },
  { key: "audit", to: "/settings/audit", icon: IconHistory, needs: "access:audit:read", group: "system" },
  {
    key: "exports",
    to: "/settings/exports",
    icon: IconFileExport,
    needs: "platform:export:read",
    group: "system",
  },
  { key: "jobs", to: "/settings/jobs", icon: IconProgressCheck, group: "system" },
];

export const sectionsFor = (me: Me): Section[] => SECTIONS.filter((one) => !one.needs || can(me, one.needs));
