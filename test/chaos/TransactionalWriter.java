import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes transactions of 20 records over all partitions until its standard input ends, one line of output for each:
 * "committed N", "aborted N" (every fifth, on purpose, or because the broker said so) or "unknown N" (nobody can
 * tell whether the commit took place: all of it or nothing must be there).
 */
public final class TransactionalWriter {
    private static final int RECORDS = 20;

    public static void main(String[] args) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", args[0]);
        config.put("transactional.id", args[2]);
        config.put("transaction.timeout.ms", "20000");
        config.put("delivery.timeout.ms", "40000");
        config.put("request.timeout.ms", "5000");
        config.put("max.block.ms", "15000");
        config.put("linger.ms", "2");
        KafkaProducer<String, String> producer = null;
        for (int number = 0; System.in.available() == 0; number++) {
            boolean committing = false;
            try {
                if (producer == null) {
                    KafkaProducer<String, String> opened =
                        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
                    producer = opened;
                    opened.initTransactions();
                }
                producer.beginTransaction();
                for (int record = 0; record < RECORDS; record++) {
                    producer.send(new ProducerRecord<>(args[1], record + "", number + ":" + record));
                }
                if (number % 5 == 4) {
                    producer.flush();
                    producer.abortTransaction();
                    System.out.println("aborted " + number);
                } else {
                    committing = true;
                    producer.commitTransaction();
                    System.out.println("committed " + number);
                }
            } catch (Exception error) {
                System.err.println(number + ": " + error);
                // Its successor fences it; what was not committed by then is aborted.
                if (producer != null) producer.close(java.time.Duration.ZERO);
                producer = null;
                System.out.println((committing ? "unknown " : "aborted ") + number);
                TimeUnit.MILLISECONDS.sleep(300);
            }
        }
        if (producer != null) producer.close();
        System.out.println("done");
    }
}
