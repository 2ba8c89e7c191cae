import { Link } from "@tanstack/react-router";
import { Layers } from "lucide-react";
import { useState } from "react";
import { client, trpc } from "../../../api/client.ts";
import type { AccountRef, Slot } from "../../../api/types.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Page } from "../../../ui/page.tsx";
import { PagesView } from "../pages-view.tsx";
import { usePages } from "../use-pages.ts";
import { FreeSlotDialog } from "./free-slot-dialog.tsx";
import { PayerSlotsView } from "./payer-slots.tsx";
import { RefusalRecords } from "./refusal-records.tsx";

const refreshMs = 5_000;

/** The runs in progress of one payer, or of all. */
export function SlotsPage({ account }: { readonly account: AccountRef | null }) {
  const [freeing, setFreeing] = useState<Slot | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const pages = usePages({
    queryKey: [...trpc.admin.slots.pathKey(), account],
    load: (page) => client.admin.slots.query({ ...(account === null ? {} : { account }), ...page }),
    refreshMs,
  });
  return (
    <Page
      title="Slots"
      description="Every run in progress, by who pays for it. A slot whose lease runs out is freed by itself."
      actions={
        account !== null && (
          <Link to="/admin/slots" className="text-[13px] font-medium text-accent-text hover:underline">
            Show all payers
          </Link>
        )
      }
    >
      <p role="status" className="mb-6 text-[13px] font-medium text-ok empty:hidden">
        {announcement}
      </p>
      <PagesView pages={pages} things="slots" whenEmpty={<NoSlots />}>
        {(payers) => (
          <div className="space-y-12">
            {payers.map((payer) => (
              <PayerSlotsView key={payer.payerId} payer={payer} onFree={setFreeing} />
            ))}
          </div>
        )}
      </PagesView>
      <RefusalRecords />
      {freeing !== null && (
        <FreeSlotDialog
          slot={freeing}
          onClose={() => setFreeing(null)}
          onDone={(said) => {
            setFreeing(null);
            setAnnouncement(said);
          }}
        />
      )}
    </Page>
  );
}

function NoSlots() {
  return (
    <EmptyState icon={Layers} title="No runs in progress">
      A run takes a slot when it is admitted and gives it back when it ends.
    </EmptyState>
  );
}
