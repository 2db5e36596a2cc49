/** A guarantee, and the sentence that tells the operator what is wrong when it does not hold. */
export interface Proof {
  guarantee: string;
  holds: boolean;
  otherwise: string;
}
