import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

const api = { target: `http://127.0.0.1:${process.env["PORT"] ?? "3000"}`, changeOrigin: false };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ["@gantry/source", ...defaultClientConditions] },
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    // The content security policy allows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, proxy: { "/trpc": api, "/api": api } },
});
