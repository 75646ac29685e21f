import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.utils.Exit;

/** Runs many tools in one JVM: a line in is class and arguments (base64, spaced), a line out is stdout, stderr, code. */
public class Tools {
  static class Ended extends RuntimeException {
    final int code;
    Ended(int code) { super(null, null, false, false); this.code = code; }
  }
  static String base64(ByteArrayOutputStream bytes) {
    return "=" + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
  public static void main(String[] none) throws Exception {
    PrintStream answers = System.out;
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    int[] first = new int[1];
    Exit.Procedure end = (code, message) -> {
      if (first[0] < 0) first[0] = code;
      PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream()); // what follows would not have run
      System.setOut(nowhere);
      System.setErr(nowhere);
      throw new Ended(code);
    };
    Exit.setExitProcedure(end);
    Exit.setHaltProcedure(end);
    for (String line; (line = lines.readLine()) != null; ) {
      String[] words = line.split(" ");
      String[] args = new String[words.length - 1];
      for (int i = 0; i < args.length; i++)
        args[i] = new String(Base64.getDecoder().decode(words[i + 1].substring(1)), StandardCharsets.UTF_8);
      ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
      System.setOut(new PrintStream(out, true));
      System.setErr(new PrintStream(err, true));
      first[0] = -1;
      try {
        Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object) args);
      } catch (java.lang.reflect.InvocationTargetException failure) {
        if (first[0] < 0) { failure.getCause().printStackTrace(); first[0] = 1; }
      }
      answers.println(base64(out) + " " + base64(err) + " " + Math.max(first[0], 0));
      answers.flush();
    }
    Runtime.getRuntime().halt(0);
  }
}
