import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./global.css";
import { App } from "./App";
import { startLanguages } from "./i18n";
import { installWorker } from "./installed";

const root = document.getElementById("root");
if (!root) throw new Error("index.html lacks #root");
startLanguages().then(() => {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  return installWorker();
});
