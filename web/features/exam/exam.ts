/** The exam is a lab of its own, whose paper is drawn anew each time. */
export const EXAM_ID = 'exam';
