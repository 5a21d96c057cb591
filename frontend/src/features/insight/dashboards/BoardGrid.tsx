import type { ReactNode } from "react";
import { CardBody } from "./CardBody";
import { CardTitle } from "./CardTitle";
import classes from "./Dashboards.module.css";
import type { Answer, Card } from "./types";

interface Props {
  cards: Card[];
  answer: Answer | undefined;
  busy: boolean;
  /** What can be done with a card while the board is made. */
  tools?: (card: Card, at: number) => ReactNode;
  /** Carried by the card's frame while the board is made. */
  frame?: (card: Card, at: number) => React.HTMLAttributes<HTMLElement>;
}

/** The cards side by side, as wide as each is; one below the other on a phone. */
export function BoardGrid({ cards, answer, busy, tools, frame }: Props) {
  return (
    <div className={classes.board} aria-busy={busy}>
      {cards.map((card, at) => {
        const said = answer?.cards.find((one) => one.id === card.id);
        return (
          <section
            key={card.id}
            className={classes.card}
            data-width={card.width}
            data-card={card.id}
            aria-labelledby={`card-${card.id}`}
            {...frame?.(card, at)}
          >
            <div className={classes.head}>
              <CardTitle card={card} answer={said} />
              {tools?.(card, at)}
            </div>
            <CardBody card={card} answer={said} />
          </section>
        );
      })}
    </div>
  );
}
