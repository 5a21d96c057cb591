import { act, renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useServerForm } from "./useServerForm";

it("saves against the version seen when typing began", async () => {
  const save = vi.fn(async () => ({}));
  const { result, rerender } = renderHook(
    ({ version }) => useServerForm({ initial: { name: "a" }, version, save }),
    { initialProps: { version: 1 } },
  );
  rerender({ version: 2 });
  act(() => result.current.set("name", "b"));
  rerender({ version: 3 });
  await act(() => result.current.submit());
  expect(save).toHaveBeenLastCalledWith({ name: "b" }, 2);

  rerender({ version: 4 });
  act(() => result.current.set("name", "c"));
  await act(() => result.current.submit());
  expect(save).toHaveBeenLastCalledWith({ name: "c" }, 4);
});
