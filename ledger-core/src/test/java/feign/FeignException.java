package feign;

/** Stands in for the real client's exception, which is known by its name and this method alone. */
public class FeignException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    public FeignException(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
