import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.ai.chat.client.observation.ChatClientObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts question, answer and documents on Spring AI's spans, which carry none of them. Texts of users then leave the application:
 * send these spans to rag-observatory only. For Spring Boot 3 import com.fasterxml.jackson.databind.json.JsonMapper instead.
 */
@Component
public class RagObservatoryHandler implements ObservationHandler<Observation.Context> {
    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ChatClientObservationContext
            || context instanceof ChatModelObservationContext
            || context instanceof VectorStoreObservationContext;
    }

    /** Runs before the tracing handler ends the span, because handlers stop in the opposite order of their start. */
    @Override
    public void onStop(Observation.Context context) {
        if (context instanceof ChatClientObservationContext client) {
            var user = client.getRequest().prompt().getUserMessage();
            if (user != null && user.getText() != null) add(context, "rag.question", user.getText());
        } else if (context instanceof ChatModelObservationContext model) {
            var response = model.getResponse();
            if (response != null && response.getResult() != null) {
                add(context, "gen_ai.completion", response.getResult().getOutput().getText());
            }
        } else if (context instanceof VectorStoreObservationContext store && store.getQueryResponse() != null) {
            add(context, "gen_ai.retrieval.documents", json.writeValueAsString(fields(store.getQueryResponse())));
        }
    }

    private static List<Map<String, Object>> fields(List<Document> documents) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Document document : documents) {
            Map<String, Object> fields = new LinkedHashMap<>(document.getMetadata());
            fields.put("id", document.getId());
            fields.put("content", document.getText());
            if (document.getScore() != null) fields.put("score", document.getScore());
            all.add(fields);
        }
        return all;
    }

    private static void add(Observation.Context context, String key, String value) {
        if (value != null) context.addHighCardinalityKeyValue(KeyValue.of(key, value));
    }
}
