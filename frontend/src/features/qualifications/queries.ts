import { queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok, whole } from "@/api";
import type { Fill, Qualification, Status } from "./types";

export const templatesQuery = queryOptions({
  queryKey: keys.list("qualification-templates"),
  queryFn: async ({ signal }) => (await ok(api.GET("/qualification-templates", { signal }))).items,
  staleTime: 60_000,
});

export const qualificationsOfQuery = (customer: string) =>
  queryOptions({
    queryKey: keys.part("qualifications", customer, "customer"),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/customers/{id}/qualifications", { params: { path: { id: customer } }, signal })))
        .items,
  });

export const waitingQuery = queryOptions({
  queryKey: keys.list("qualifications", "waiting"),
  queryFn: async ({ signal }) => (await ok(api.GET("/qualifications/waiting", { signal }))).items,
});

export const listQuery = (status: Status | undefined, template: string | undefined) =>
  queryOptions({
    queryKey: keys.list("qualifications", { status, template }),
    queryFn: () => {
      const tests = [
        ...(status ? [{ field: "status", op: "eq" as const, value: status }] : []),
        ...(template ? [{ field: "template", op: "eq" as const, value: template }] : []),
      ];
      const filter = tests.length > 0 ? JSON.stringify({ all: tests }) : undefined;
      return whole((query) => ok(api.GET("/qualifications", { params: { query: { ...query, filter } } })));
    },
  });

export const startQualification = (customer: string, template: string) =>
  ok(
    api.POST("/customers/{id}/qualifications", {
      params: { path: { id: customer } },
      body: { template_id: template },
    }),
  );

export const fillQualification = (row: Qualification, body: Fill) =>
  ok(
    api.PATCH("/qualifications/{id}", {
      params: { path: { id: row.id }, header: ifMatch(row.version) },
      body,
    }),
  );

export const proposeQualification = ({ id, version }: Qualification) =>
  ok(api.POST("/qualifications/{id}/proposal", { params: { path: { id } }, body: { version } }));

export const decideQualification = ({ id, version }: Qualification, approve: boolean, note?: string) =>
  ok(
    api.POST("/qualifications/{id}/decision", {
      params: { path: { id } },
      body: { version, approve, note: note || null },
    }),
  );

export const completeQualification = ({ id, version }: Qualification) =>
  ok(api.POST("/qualifications/{id}/completion", { params: { path: { id } }, body: { version } }));

export const withdrawQualification = ({ id, version }: Qualification, note?: string) =>
  ok(
    api.POST("/qualifications/{id}/withdrawal", {
      params: { path: { id } },
      body: { version, note: note || null },
    }),
  );
