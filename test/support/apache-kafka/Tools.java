import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs many tools in one JVM: a line in is class, standard input and arguments (base64, spaced), a line out is stdout,
 * stderr, exit code. What a tool would do while the JVM shuts down, it does at its end. A tool that ends the JVM itself
 * is answered for with `exit` in the place of the code, which is then the JVM's.
 */
public class Tools {
  static class Ended extends RuntimeException {
    final int code;
    Ended(int code) { super(null, null, false, false); this.code = code; }
  }
  static ByteArrayOutputStream out, err;
  static final List<Runnable> hooks = Collections.synchronizedList(new ArrayList<>());
  static String base64(ByteArrayOutputStream bytes) {
    return "=" + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
  static byte[] decode(String word) { return Base64.getDecoder().decode(word.substring(1)); }
  static void runHooks() {
    List<Thread> threads = new ArrayList<>();
    for (Runnable hook : List.copyOf(hooks)) threads.add(new Thread(hook));
    hooks.clear();
    try {
      for (Thread thread : threads) thread.start();
      for (Thread thread : threads) thread.join(5000);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
  public static void main(String[] none) throws Exception {
    PrintStream answers = System.out;
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    int[] first = new int[1];
    Exit.Procedure end = (code, message) -> {
      if (first[0] < 0) {
        first[0] = code;
        runHooks();
      }
      PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream()); // what follows would not have run
      System.setOut(nowhere);
      System.setErr(nowhere);
      throw new Ended(code);
    };
    Exit.setExitProcedure(end);
    Exit.setHaltProcedure(end);
    Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      runHooks();
      answers.println(base64(out) + " " + base64(err) + " exit");
      answers.flush();
    }));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] words = line.split(" ");
      String[] args = new String[words.length - 2];
      for (int i = 0; i < args.length; i++) args[i] = new String(decode(words[i + 2]), StandardCharsets.UTF_8);
      out = new ByteArrayOutputStream();
      err = new ByteArrayOutputStream();
      System.setIn(new ByteArrayInputStream(decode(words[1])));
      System.setOut(new PrintStream(out, true));
      System.setErr(new PrintStream(err, true));
      first[0] = -1;
      try {
        Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object) args);
      } catch (java.lang.reflect.InvocationTargetException failure) {
        if (first[0] < 0) {
          // As the JVM reports what a main thread did not catch.
          System.err.print("Exception in thread \"main\" ");
          failure.getCause().printStackTrace();
          first[0] = 1;
        }
      }
      runHooks();
      answers.println(base64(out) + " " + base64(err) + " " + Math.max(first[0], 0));
      answers.flush();
    }
    Runtime.getRuntime().halt(0);
  }
}
