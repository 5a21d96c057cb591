import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Tooltip } from "./Tooltip";

it("describes what it stands at to who cannot point", () => {
  render(
    <Tooltip label="Days since the last order">
      <button type="button">Recency</button>
    </Tooltip>,
  );
  const button = screen.getByRole("button", { name: "Recency" });
  expect(button.getAttribute("aria-description")).toBe("Days since the last order");
});

it("does not say a name twice", () => {
  render(
    <Tooltip label="Delete">
      <button type="button" aria-label="Delete" />
    </Tooltip>,
  );
  expect(screen.getByRole("button", { name: "Delete" }).hasAttribute("aria-description")).toBe(false);
});
