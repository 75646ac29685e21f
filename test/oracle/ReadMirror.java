import java.time.Duration;
import java.util.Map;
import org.apache.kafka.connect.mirror.MirrorClient;
import org.apache.kafka.connect.mirror.RemoteClusterUtils;

/** Prints what Java's clients of MirrorMaker see on a target: bootstrap servers, source's alias, group. */
public class ReadMirror {
  public static void main(String[] args) throws Exception {
    Map<String, Object> properties = Map.of("bootstrap.servers", args[0]);
    System.out.println("upstream " + RemoteClusterUtils.upstreamClusters(properties));
    System.out.println("hops " + RemoteClusterUtils.replicationHops(properties, args[1]));
    System.out.println("heartbeats " + RemoteClusterUtils.heartbeatTopics(properties));
    System.out.println("checkpoints " + RemoteClusterUtils.checkpointTopics(properties));
    RemoteClusterUtils.translateOffsets(properties, args[1], args[2], Duration.ofSeconds(20))
        .forEach((partition, offset) -> System.out.println("offset " + partition + " " + offset.offset()));
  }
}
